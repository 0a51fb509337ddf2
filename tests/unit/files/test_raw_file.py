"""Reads and writes are whole, however little one call of the system does."""

import errno
from io import FileIO

import pytest

from infdit_cli.files import read_all, write_all

DATA = bytes(range(100))


class Sluggish(FileIO):
    """A file that moves seven bytes at a time."""

    def write(self, data):
        return super().write(data[:7])

    def readinto(self, into):
        return super().readinto(into[:7])


def test_what_is_moved_in_pieces_is_whole(tmp_path):
    into = bytearray(100)
    with Sluggish(tmp_path / "raw", "x+") as file:
        write_all(file, memoryview(DATA))
        file.seek(0)
        read_all(file, memoryview(into))
    assert (tmp_path / "raw").read_bytes() == DATA == into


def test_a_file_that_was_cut_short_is_an_error_with_its_name(tmp_path):
    (tmp_path / "raw").write_bytes(DATA[:99])
    with FileIO(tmp_path / "raw") as file, pytest.raises(OSError, match="ended early") as error:
        read_all(file, memoryview(bytearray(100)))
    assert (error.value.errno, error.value.filename) == (errno.EIO, str(tmp_path / "raw"))
