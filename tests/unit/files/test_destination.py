"""A name that no file could be put at is refused before the work, not after it."""

import errno
import os

import pytest

from infdit_cli.errors import OutputError, OutputExists, OutputNotWritable
from infdit_cli.files import check_destination


def test_a_fresh_name_is_fine_and_stays_unused(tmp_path):
    check_destination(tmp_path / "out.png", overwrite=False, source=tmp_path / "missing.png")
    assert not list(tmp_path.iterdir())


def test_an_existing_file_needs_overwrite(tmp_path):
    path = tmp_path / "out.png"
    path.touch()
    with pytest.raises(OutputExists) as error:
        check_destination(path, overwrite=False)
    assert "--overwrite" in error.value.hint
    check_destination(path, overwrite=True)


@pytest.mark.parametrize("alias", ["in.png", "link.png", "sub/../in.png"])
def test_the_input_is_never_overwritten(tmp_path, alias):
    source = tmp_path / "in.png"
    source.touch()
    (tmp_path / "sub").mkdir()
    (tmp_path / "link.png").symlink_to(source)
    with pytest.raises(OutputError, match="is the input itself"):
        check_destination(tmp_path / alias, overwrite=True, source=source)


def test_a_folder_or_a_pipe_is_never_replaced(tmp_path):
    (tmp_path / "folder.png").mkdir()
    os.mkfifo(tmp_path / "pipe.png")
    for name in ("folder", "pipe"):
        with pytest.raises(OutputNotWritable, match=rf"is a .*{name}"):
            check_destination(tmp_path / f"{name}.png", overwrite=True)


def test_a_name_that_is_too_long_is_an_output_error(tmp_path):
    with pytest.raises(OutputError, match="the name has 304 bytes"):
        check_destination(tmp_path / ("x" * 300 + ".png"), overwrite=False)


def test_links_in_a_circle_are_refused(tmp_path):
    loop = tmp_path / "loop.png"
    loop.symlink_to(loop)
    with pytest.raises(OutputError, match=os.strerror(errno.ELOOP)):
        check_destination(loop, overwrite=True)
