"""What the system says becomes what the user is told."""

import errno
import os

import pytest

from infdit_cli.errors import DiskFull, OutputError, OutputNotWritable
from infdit_cli.files import disk_full, output_errors


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOSPC, DiskFull),
        (errno.EDQUOT, DiskFull),
        (errno.EACCES, OutputNotWritable),
        (errno.EROFS, OutputNotWritable),
        (errno.EIO, OutputError),
    ],
)
def test_what_the_system_says_becomes_an_output_error(tmp_path, number, kind):
    with pytest.raises(kind) as error, output_errors(tmp_path):
        raise OSError(number, os.strerror(number))
    assert type(error.value) is kind
    assert error.value.message == f"{tmp_path}: {os.strerror(number)}"


def test_a_full_disk_has_one_hint_whoever_finds_it(tmp_path):
    with pytest.raises(DiskFull) as error, output_errors(tmp_path):
        raise OSError(errno.ENOSPC, "no")
    assert error.value.hint == disk_full("no").hint == "free some space, or write to another disk"
