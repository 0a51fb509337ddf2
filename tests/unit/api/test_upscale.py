"""The folder of an output is made only where that is asked for."""

import pytest
from PIL import Image

from infdit_cli.api.piped import upscale_piped
from infdit_cli.api.upscale import upscale
from infdit_cli.config import UpscaleOptions
from infdit_cli.errors import OutputNotWritable
from support.photos import smooth_noise

OPTIONS = UpscaleOptions(steps=0, device="cpu")


@pytest.fixture
def photo(tmp_path):
    """A small picture."""
    smooth_noise(6, 5, seed=0).save(tmp_path / "a.png")
    return tmp_path / "a.png"


def ignore(_):
    """Hear of progress, and do nothing."""


def test_the_folder_of_an_output_is_made_where_that_is_asked_for(photo, tmp_path):
    out = tmp_path / "new" / "a.png"
    with pytest.raises(OutputNotWritable, match="no such folder"):
        upscale(photo, out, OPTIONS, on_event=ignore)
    upscale(photo, out, OPTIONS, makes_folder=True, on_event=ignore)
    with Image.open(out) as picture:
        assert picture.size == (20, 24)
    assert [path.name for path in out.parent.iterdir()] == ["a.png"]


def test_a_folder_of_a_folder_that_is_missing_is_not_made(photo, tmp_path):
    with pytest.raises(OutputNotWritable, match="no such folder"):
        upscale(photo, tmp_path / "new" / "er" / "a.png", OPTIONS, makes_folder=True, on_event=ignore)


def test_a_picture_on_a_pipe_makes_the_folder_too(photo, tmp_path):
    with photo.open("rb") as stream:
        upscale_piped(
            stream, tmp_path / "new" / "a.png", OPTIONS, suffix=".png", makes_folder=True, on_event=ignore
        )
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["a.png"]
