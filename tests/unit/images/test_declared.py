"""Colours that are declared without a profile are told of, since they are lost."""

import struct

import pytest

from infdit_cli.images import read_image
from support.pictures import SRGB, encoded, pillow, smooth
from support.pngs import chunk, png_with

SRGB_CHROMATICITY = (31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)
ADOBE_CHROMATICITY = (31270, 32900, 64000, 33000, 21000, 71000, 15000, 6000)


def gamma(value):
    return chunk(b"gAMA", struct.pack(">I", value))


def chromaticity(values):
    return chunk(b"cHRM", struct.pack(">8I", *values))


def note(said):
    return (f"its colours are declared as {said}, which is not carried over",)


@pytest.mark.parametrize(
    ("chunks", "notes"),
    [
        (gamma(45455) + chromaticity(SRGB_CHROMATICITY), ()),
        (gamma(45454), ()),
        (gamma(100000), note("a gamma of 1")),
        (gamma(45455) + chromaticity(ADOBE_CHROMATICITY), note("other primaries than sRGB's")),
        (
            gamma(55556) + chromaticity(ADOBE_CHROMATICITY),
            note("other primaries than sRGB's with a gamma of 0.55556"),
        ),
        (chunk(b"sRGB", b"\0") + gamma(100000), ()),
        (chunk(b"cICP", bytes([1, 13, 0, 1])) + gamma(100000), ()),
        (chunk(b"cICP", bytes([12, 13, 0, 1])), note("Display P3")),
        (chunk(b"cICP", bytes([9, 16, 0, 1])), note("BT.2020 with PQ")),
        (chunk(b"cICP", bytes([22, 13, 0, 1])), note("primaries 22")),
    ],
    ids=[
        "sRGB",
        "gamma of sRGB",
        "linear",
        "Adobe",
        "Adobe, dark",
        "sRGB before gamma",
        "sRGB as numbers",
        "P3",
        "HDR",
        "odd",
    ],
)
def test_a_png_of_other_colours_is_told_of(tmp_path, chunks, notes):
    path = tmp_path / "declared.png"
    path.write_bytes(png_with(pillow(smooth()), before=chunks))
    assert read_image(path).notes == notes


def test_grey_has_no_primaries(tmp_path):
    path = tmp_path / "declared.png"
    path.write_bytes(png_with(pillow(smooth(channels=1)), before=chromaticity(ADOBE_CHROMATICITY)))
    assert read_image(path).notes == ()


@pytest.mark.parametrize(
    ("primaries", "transfer", "notes"),
    [
        (1, 13, ()),
        (2, 2, ()),
        (12, 13, note("Display P3")),
        (1, 18, note("HLG")),
        (9, 16, note("BT.2020 with PQ")),
    ],
)
def test_an_avif_of_other_colours_is_told_of(tmp_path, primaries, transfer, notes):
    content = bytearray(encoded(pillow(smooth()), "AVIF"))
    at = content.index(b"nclx") + 4
    content[at : at + 4] = struct.pack(">HH", primaries, transfer)
    path = tmp_path / "declared.avif"
    path.write_bytes(content)
    assert read_image(path).notes == notes


def test_a_profile_goes_with_the_picture_and_needs_no_note(tmp_path):
    path = tmp_path / "profiled.avif"
    content = bytearray(encoded(pillow(smooth()), "AVIF", icc_profile=SRGB))
    path.write_bytes(content)
    picture = read_image(path)
    assert picture.metadata.icc_profile == SRGB
    assert picture.notes == ()
