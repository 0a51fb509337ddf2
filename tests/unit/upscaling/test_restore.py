"""How much is taken out of which picture."""

from dataclasses import replace

import pytest

from infdit_cli.config import UpscaleOptions
from infdit_cli.images import SourceImage
from infdit_cli.metadata import Metadata
from infdit_cli.upscaling.restore import settled, unasked
from support.pictures import noise

PICTURE = SourceImage(rgb=noise(4, 4), alpha=None, grey=False, metadata=Metadata())


@pytest.mark.parametrize(
    ("quality", "share"),
    [(None, 0), (100, 0), (93, 0), (92, 0.25), (75, 0.25), (74, 0.5), (60, 0.5), (59, 0.75), (1, 0.75)],
)
def test_the_lower_a_jpegs_quality_the_more_is_taken_out(quality, share):
    picture = replace(PICTURE, jpeg_quality=quality)
    assert settled(UpscaleOptions(), picture) == UpscaleOptions(restore=share)


@pytest.mark.parametrize("asked", [0.0, 0.1, 1.0])
def test_what_is_asked_for_stays(asked):
    options = UpscaleOptions(restore=asked)
    assert settled(options, replace(PICTURE, jpeg_quality=30)) == options


@pytest.mark.parametrize("weights", ["compact-restore", "inf-dit", "mine.safetensors"])
def test_a_model_without_a_restorer_takes_out_nothing(weights):
    options = UpscaleOptions(weights=weights)
    assert settled(options, replace(PICTURE, jpeg_quality=30)).restore == 0


@pytest.mark.parametrize(
    ("quality", "note"),
    [
        (80, "a slightly compressed JPEG: cleaned with --restore 0.25; --restore 0 keeps it as it is"),
        (70, "a compressed JPEG: cleaned with --restore 0.5; --restore 0 keeps it as it is"),
        (30, "a strongly compressed JPEG: cleaned with --restore 0.75; --restore 0 keeps it as it is"),
    ],
)
def test_restoring_that_nobody_asked_for_is_a_note(quality, note):
    picture = replace(PICTURE, jpeg_quality=quality)
    assert unasked(UpscaleOptions(), settled(UpscaleOptions(), picture)) == (note,)


def test_what_was_asked_for_or_left_alone_is_none():
    asked = UpscaleOptions(restore=0.5)
    assert unasked(asked, settled(asked, replace(PICTURE, jpeg_quality=30))) == ()
    assert unasked(UpscaleOptions(), settled(UpscaleOptions(), PICTURE)) == ()
