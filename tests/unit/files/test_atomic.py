"""What the system says against writing a picture becomes an ``OutputError`` about it."""

import errno

import pytest

from infdit_cli.errors import DiskFull, OutputError, OutputExists, OutputNotWritable
from infdit_cli.files import replacing_output


def fail(path, error):
    with replacing_output(path):
        raise error


def test_a_block_that_writes_nothing_is_an_output_error(tmp_path):
    with (
        pytest.raises(OutputNotWritable, match=r"new\.png: No such file"),
        replacing_output(tmp_path / "new.png"),
    ):
        pass


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOSPC, DiskFull),
        (errno.EDQUOT, DiskFull),
        (errno.EFBIG, DiskFull),
        (errno.EACCES, OutputNotWritable),
        (errno.EIO, OutputError),
    ],
)
def test_what_the_system_refuses_is_told_with_the_name(tmp_path, number, kind):
    with pytest.raises(kind, match=r"new\.png") as told:
        fail(tmp_path / "new.png", OSError(number, "no"))
    assert type(told.value) is kind


def write_late(path):
    with replacing_output(path, overwrite=False) as temporary:
        temporary.touch()
        path.touch()


def test_an_output_that_has_appeared_meanwhile_is_told_with_the_way_to_replace_it(tmp_path):
    with pytest.raises(OutputExists, match=r"new\.png: already exists") as told:
        write_late(tmp_path / "new.png")
    assert told.value.hint == "--overwrite replaces it"


def test_other_failures_are_the_callers(tmp_path):
    with pytest.raises(RuntimeError, match="mine"):
        fail(tmp_path / "new.png", RuntimeError("mine"))
    assert list(tmp_path.iterdir()) == []
