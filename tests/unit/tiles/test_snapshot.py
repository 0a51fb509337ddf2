import pytest

from infdit_cli.errors import DiskFull
from infdit_cli.tiles import save_snapshot, snapshot_digest
from support.faults import file_size_limit

PIECES = [b"", b"x", b"y" * 5_000_000, b"z" * 17]


def write_pieces(writer):
    for piece in PIECES:
        writer.write(memoryview(piece))


def test_a_snapshot_is_all_that_was_written_and_its_digest(tmp_path):
    path = tmp_path / "a.held"
    digest = save_snapshot(path, write_pieces)
    assert path.read_bytes() == b"".join(PIECES)
    assert snapshot_digest(path) == digest
    assert [each.name for each in tmp_path.iterdir()] == ["a.held"]


def test_any_change_changes_the_digest(tmp_path):
    path = tmp_path / "a.held"
    digest = save_snapshot(path, write_pieces)
    data = path.read_bytes()
    for damaged in (data[:-1], data + b"\0", b"X" + data[1:]):
        path.write_bytes(damaged)
        assert snapshot_digest(path) != digest


def test_a_snapshot_that_is_gone_has_no_digest(tmp_path):
    assert snapshot_digest(tmp_path / "gone") == ""


def test_a_full_disk_leaves_the_snapshot_before_and_nothing_of_the_new_one(tmp_path):
    before = save_snapshot(tmp_path / "a.held", lambda writer: writer.write(memoryview(b"before")))
    with file_size_limit(1_000_000), pytest.raises(DiskFull):
        save_snapshot(tmp_path / "b.held", write_pieces)
    assert [each.name for each in tmp_path.iterdir()] == ["a.held"]
    assert snapshot_digest(tmp_path / "a.held") == before


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_a_snapshot_that_is_broken_off_leaves_nothing(tmp_path, error):
    def write(writer):
        writer.write(memoryview(b"half"))
        raise error

    with pytest.raises(error):
        save_snapshot(tmp_path / "a.held", write)
    assert not list(tmp_path.iterdir())
