"""What an evaluation refuses before any work."""

import pytest

from infdit_cli.api.evaluate import evaluate
from infdit_cli.errors import OutputError, UnreadableImage
from support.photos import make_folder


def refused(data, **files):
    evaluate(
        data, weights="compact", steps=(0,), against=(), metrics=("psnr",), on_event=pytest.fail, **files
    )


@pytest.mark.parametrize("files", [("sheet",), ("plot",), ("sheet", "plot")], ids=str)
def test_links_in_a_circle_are_no_files_to_write(tmp_path, files):
    make_folder(tmp_path / "photos", count=1)
    loop = tmp_path / "loop.png"
    loop.symlink_to(loop)
    with pytest.raises(OutputError, match=r"loop\.png: "):
        refused(tmp_path / "photos", **dict.fromkeys(files, loop))


def test_photos_in_a_circle_are_no_folder(tmp_path):
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    with pytest.raises(UnreadableImage, match="is not a folder"):
        refused(loop, sheet=tmp_path / "sheet.png")
