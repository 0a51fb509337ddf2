from pathlib import Path

import numpy as np
import pytest

from infdit_cli.errors import FormatLimit
from infdit_cli.tiles import FORMATS, PixelFormat, format_notes, output_format

DEEP_RGBA = PixelFormat(4, np.dtype(np.uint16))
GREY = PixelFormat(1, np.dtype(np.uint8))


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a.png", "PNG"), ("a.PNG", "PNG"), ("a.b.Jpeg", "JPEG"), ("a.tif", "TIFF"), ("a.webp", "WebP")],
)
def test_the_suffix_chooses_the_container_whatever_its_case(name, expected):
    assert output_format(Path(name)).name == expected


@pytest.mark.parametrize("name", ["a.gif", "a", ".png", "png"])
def test_an_unknown_suffix_is_answered_with_the_known_ones(name):
    with pytest.raises(FormatLimit, match=name) as error:
        output_format(Path(name))
    assert all(suffix in error.value.hint for suffix in (".png", ".tif", ".jpg", ".webp"))


def test_a_tiff_near_4_gib_becomes_a_bigtiff():
    container = output_format(Path("a.tif"))
    assert "bigtiff" not in container.save_options(3 << 30, None)
    assert container.save_options(4 << 30, None)["bigtiff"]


def test_quality_is_for_lossy_containers_alone():
    assert output_format(Path("a.jpg")).save_options(1, 80)["Q"] == 80
    assert output_format(Path("a.jpg")).save_options(1, None)["Q"] == 95
    assert "Q" not in output_format(Path("a.png")).save_options(1, 80)


def test_no_two_containers_claim_a_suffix():
    suffixes = [suffix for container in FORMATS for suffix in container.suffixes]
    assert len(set(suffixes)) == len(suffixes)


@pytest.mark.parametrize(
    ("name", "pixel_format", "has_exif", "expected"),
    [
        ("a.png", DEEP_RGBA, True, ()),
        ("a.tif", DEEP_RGBA, False, ()),
        ("a.tif", DEEP_RGBA, True, ("TIFF is written without EXIF",)),
        (
            "a.jpg",
            DEEP_RGBA,
            True,
            ("JPEG holds no transparency: laid on white", "JPEG holds 8 bits: reduced from 16"),
        ),
        ("a.jpg", GREY, True, ()),
        ("a.webp", DEEP_RGBA, False, ("WebP holds 8 bits: reduced from 16",)),
        ("a.webp", GREY, False, ("WebP holds no greyscale: written as RGB",)),
    ],
)
def test_the_user_is_told_what_is_lost(name, pixel_format, has_exif, expected):
    assert format_notes(Path(name), pixel_format, has_exif=has_exif) == expected
