"""A draft knows all of a picture that a model is to be loaded and planned by."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from infdit_cli.config import OutputOptions, UpscaleOptions
from infdit_cli.errors import OutputExists, WouldShrink
from infdit_cli.geometry import Size
from infdit_cli.images import SourceImage
from infdit_cli.metadata import Metadata
from infdit_cli.target import Target
from infdit_cli.tiles import PixelFormat
from infdit_cli.upscaling.draft import Draft, read_draft
from support.jobs import picture
from support.pictures import noise

PICTURE = SourceImage(rgb=noise(4, 6), alpha=None, grey=False, metadata=Metadata())
OUT = Path("out.png")


def draft(of=PICTURE, **options):
    return Draft.of(of, Path("in.png"), OUT, UpscaleOptions(**options))


@pytest.mark.parametrize(("quality", "share"), [(None, 0.0), (30, 0.75)])
def test_how_much_is_restored_is_settled_by_the_picture(quality, share):
    assert draft(replace(PICTURE, jpeg_quality=quality)).options == UpscaleOptions(restore=share)


def test_the_output_is_what_is_asked_for():
    made = draft(target=Target(scale=3), overwrite=True, output=OutputOptions(strip=True)).output
    assert (made.path, made.size, made.overwrite, made.options) == (
        OUT,
        Size(12, 18),
        True,
        OutputOptions(strip=True),
    )


@pytest.mark.parametrize(
    ("grey", "with_alpha", "channels"), [(True, False, 1), (True, True, 2), (False, True, 4)]
)
def test_its_pixels_are_of_the_inputs_kind(grey, with_alpha, channels):
    alpha = noise(4, 6)[..., 0].astype(np.uint16)
    of = replace(PICTURE, rgb=noise(4, 6, dtype=np.uint16), grey=grey, alpha=alpha if with_alpha else None)
    assert draft(of).output.pixel_format == PixelFormat(channels, np.dtype(np.uint16))


def test_a_picture_that_would_shrink_is_refused():
    with pytest.raises(WouldShrink):
        draft(target=Target(width=5))


def test_an_output_that_is_there_is_refused_once_the_picture_is_read(tmp_path):
    source = picture(tmp_path / "in.png", 4, 6)
    assert read_draft(source, tmp_path / "out.png", UpscaleOptions()).picture.size == Size(4, 6)
    picture(tmp_path / "out.png", 1, 1)
    with pytest.raises(OutputExists):
        read_draft(source, tmp_path / "out.png", UpscaleOptions())
