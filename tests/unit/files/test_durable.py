"""Files are whole under their name, or are not there."""

import errno
import os
import stat

import pytest

from infdit_cli.files import durable, mark, publish, replacing


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def names(folder):
    return sorted(each.name for each in folder.iterdir())


def write_half(path, error):
    with replacing(path) as temporary:
        temporary.write_text("half")
        raise error


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_full_disk_has_three_names(number):
    assert durable.is_disk_full(OSError(number, "x"))
    assert not durable.is_disk_full(OSError(errno.EACCES, "x"))
    assert not durable.is_disk_full(ValueError(number))


def test_a_new_file_appears_at_the_end_and_alone(tmp_path):
    path = tmp_path / "new.png"
    with replacing(path) as temporary:
        temporary.write_text("new")
        assert not path.exists()
        assert temporary.parent == tmp_path
        assert temporary.suffix == ".png"
        assert temporary.name.startswith(".infdit-")
    assert path.read_text() == "new"
    assert names(tmp_path) == ["new.png"]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_an_interrupted_write_leaves_the_old_file_and_nothing_else(tmp_path, error):
    path = tmp_path / "old.png"
    path.write_text("old")
    with pytest.raises(error):
        write_half(path, error)
    assert path.read_text() == "old"
    assert names(tmp_path) == ["old.png"]


def test_a_block_that_writes_nothing_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError), replacing(tmp_path / "new.png"):
        pass
    assert names(tmp_path) == []


def test_a_new_file_has_the_permissions_of_the_umask(tmp_path):
    plain = tmp_path / "plain"
    plain.touch()
    with replacing(tmp_path / "new.png") as temporary:
        temporary.touch()
    assert mode(tmp_path / "new.png") == mode(plain)


def test_a_replaced_file_keeps_its_permissions(tmp_path):
    path = tmp_path / "secret.png"
    path.touch(mode=0o600)
    with replacing(path) as temporary:
        temporary.touch()
    assert mode(path) == 0o600


def refuse_links(*_, **__):
    raise OSError(errno.EPERM, os.strerror(errno.EPERM))


@pytest.fixture(params=["links", "no links"])
def _links_or_none(request, monkeypatch):
    """Some file systems know no hard links."""
    if request.param == "no links":
        monkeypatch.setattr(os, "link", refuse_links)


@pytest.mark.usefixtures("_links_or_none")
def test_without_overwrite_a_new_file_appears_alone(tmp_path):
    with replacing(tmp_path / "new.png", overwrite=False) as temporary:
        temporary.write_text("new")
    assert (tmp_path / "new.png").read_text() == "new"
    assert names(tmp_path) == ["new.png"]


def write_late(path):
    with replacing(path, overwrite=False) as temporary:
        temporary.write_text("new")
        path.write_text("another's")


@pytest.mark.usefixtures("_links_or_none")
def test_without_overwrite_what_has_appeared_meanwhile_stays(tmp_path):
    path = tmp_path / "new.png"
    with pytest.raises(FileExistsError):
        write_late(path)
    assert path.read_text() == "another's"
    assert names(tmp_path) == ["new.png"]


def test_the_file_behind_a_link_is_replaced_and_the_link_stays(tmp_path):
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    link = tmp_path / "link.png"
    link.symlink_to(folder / "real.png")
    with replacing(link) as temporary:
        temporary.write_text("new")
    assert link.is_symlink()
    assert (folder / "real.png").read_text() == "new"


def test_the_longest_of_names_can_be_written(tmp_path):
    path = tmp_path / ("x" * 251 + ".png")
    with replacing(path) as temporary:
        temporary.write_text("new")
    assert path.read_text() == "new"


def test_data_reaches_the_disk_before_the_name_and_the_name_before_the_end(tmp_path, monkeypatch):
    path = tmp_path / "old.png"
    path.write_text("old")
    seen = []
    sync = os.fsync

    def spy(descriptor):
        kind = "folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file"
        seen.append((kind, path.read_text()))
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", spy)
    with replacing(path) as temporary:
        temporary.write_text("new")
    assert seen == [("file", "old"), ("folder", "new")]


def test_a_folder_that_vanished_is_an_error(tmp_path):
    folder = tmp_path / "gone"
    folder.mkdir()
    with pytest.raises(FileNotFoundError), replacing(folder / "new.png"):
        folder.rmdir()


def test_a_published_file_takes_the_place_of_the_old_one(tmp_path):
    (tmp_path / "old").write_text("old")
    (tmp_path / "half").write_text("new")
    publish(tmp_path / "half", tmp_path / "old")
    assert (tmp_path / "old").read_text() == "new"
    assert names(tmp_path) == ["old"]


def test_a_read_only_file_is_replaced_by_one_that_could_be_synced(tmp_path, monkeypatch):
    path, writable = tmp_path / "old.png", []
    path.write_text("old")
    path.chmod(0o444)
    sync = durable.sync

    def synced(path):
        writable.append(bool(mode(path) & stat.S_IWUSR))
        sync(path)

    monkeypatch.setattr(durable, "sync", synced)
    with replacing(path) as temporary:
        temporary.write_text("new")
    assert all(writable)
    assert len(writable) >= 1
    assert path.read_text() == "new"
    assert mode(path) == 0o444


def test_links_in_a_circle_are_an_error_of_the_system(tmp_path):
    link = tmp_path / "loop.png"
    link.symlink_to(link)
    with pytest.raises(OSError, match=os.strerror(errno.ELOOP)):
        mark(link)
