"""A folder that nothing can be written to is refused with what to do about it."""

import errno
import os

import pytest

from infdit_cli.errors import OutputError, OutputNotWritable
from infdit_cli.files import check_folder, make_folder, temporary_folder


def test_the_folder_must_be_there(tmp_path):
    with pytest.raises(OutputNotWritable, match="no such folder") as error:
        check_folder(tmp_path / "new")
    assert error.value.hint == "make it first, or check the spelling"


def test_the_folder_must_not_be_a_file(tmp_path):
    (tmp_path / "file").touch()
    for refuse in (check_folder, make_folder):
        with pytest.raises(OutputNotWritable, match="is a file, not a folder"):
            refuse(tmp_path / "file")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_the_folder_must_be_open_to_us(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(OutputNotWritable, match="no permission"):
        check_folder(tmp_path)


def test_links_in_a_circle_are_refused(tmp_path):
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    with pytest.raises(OutputError, match=os.strerror(errno.ELOOP)):
        check_folder(loop)


def test_a_system_without_room_for_temporary_files_is_told(monkeypatch):
    def find_none():
        raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found")

    monkeypatch.setattr("tempfile.gettempdir", find_none)
    with pytest.raises(OutputNotWritable, match="no folder for temporary files") as error:
        temporary_folder()
    assert error.value.hint == "name a folder with --spool"


def test_a_folder_is_made_but_not_the_one_it_would_lie_in(tmp_path):
    make_folder(tmp_path / "new")
    make_folder(tmp_path / "new")
    assert (tmp_path / "new").is_dir()
    with pytest.raises(OutputNotWritable, match="no such folder"):
        make_folder(tmp_path / "not mounted" / "new")
    assert [each.name for each in tmp_path.iterdir()] == ["new"]
