from pathlib import Path

import numpy as np
import pytest

from infdit_cli.config import OutputOptions
from infdit_cli.errors import FormatLimit, OptionError
from infdit_cli.geometry import Size
from infdit_cli.metadata import Metadata
from infdit_cli.tiles import FORMATS, PixelFormat, format_notes, output_format

DEEP_RGBA = PixelFormat(4, np.dtype(np.uint16))
RGBA = PixelFormat(4, np.dtype(np.uint8))
USUAL = OutputOptions()
GREY = PixelFormat(1, np.dtype(np.uint8))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.png", "PNG"),
        ("a.PNG", "PNG"),
        ("a.b.Jpeg", "JPEG"),
        ("a.tif", "TIFF"),
        ("a.webp", "WebP"),
        ("a.avif", "AVIF"),
        ("a.dzi", "Deep Zoom"),
    ],
)
def test_the_suffix_chooses_the_container_whatever_its_case(name, expected):
    assert output_format(Path(name)).name == expected


@pytest.mark.parametrize("name", ["a.gif", "a", ".png", "png"])
def test_an_unknown_suffix_is_answered_with_the_known_ones(name):
    with pytest.raises(FormatLimit, match=name) as error:
        output_format(Path(name))
    assert all(suffix in error.value.hint for suffix in (".png", ".tif", ".jpg", ".webp"))
    assert ("a folder's name ends with /" in error.value.hint) == (name != "a.gif")


def test_a_tiff_near_4_gib_becomes_a_bigtiff():
    container = output_format(Path("a.tif"))
    assert "bigtiff" not in container.save_options(3 << 30, USUAL)
    assert container.save_options(4 << 30, USUAL)["bigtiff"]
    assert container.save_options(3 << 30, OutputOptions(pyramid=True))["bigtiff"]


def test_quality_is_what_was_asked_for_or_the_containers_own():
    assert output_format(Path("a.jpg")).save_options(1, OutputOptions(quality=80))["Q"] == 80
    assert output_format(Path("a.jpg")).save_options(1, USUAL)["Q"] == 95
    assert "Q" not in output_format(Path("a.png")).save_options(1, USUAL)


def test_lossless_encoding_has_no_quality():
    options = output_format(Path("a.webp")).save_options(1, OutputOptions(lossless=True))
    assert options["lossless"]
    assert "Q" not in options


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("a.png", {"quality": 80}, "quality does not apply to PNG"),
        ("a.jpg", {"lossless": True}, "lossless does not apply to JPEG"),
        ("a.png", {"pyramid": True}, "pyramid does not apply to PNG"),
    ],
)
def test_an_option_without_effect_is_refused_with_what_it_is_for(name, options, message):
    with pytest.raises(OptionError, match=message) as error:
        output_format(Path(name)).check_options(Path(name), OutputOptions(**options))
    assert error.value.hint.startswith("it is for ")
    assert message.split()[-1] not in error.value.hint


@pytest.mark.parametrize("name", ["a.png", "a.tif", "a.webp", "a.avif", "a.dzi"])
def test_lossless_is_fine_where_nothing_is_lost_anyway(name):
    output_format(Path(name)).check_options(Path(name), OutputOptions(lossless=True))


def test_memory_for_encoding_is_counted_where_the_codec_holds_the_picture():
    size, rgb, rgba = Size(1000, 1000), PixelFormat(3, GREY.dtype), PixelFormat(4, GREY.dtype)
    webp = output_format(Path("a.webp"))
    assert webp.encode_bytes(size, rgb, USUAL) == 17_000_000
    assert webp.encode_bytes(size, rgba, USUAL) == webp.encode_bytes(size, rgb, OutputOptions(lossless=True))
    assert webp.encode_bytes(size, rgba, USUAL) > 2 * webp.encode_bytes(size, rgb, USUAL)
    assert {output_format(Path(f"a.{each}")).encode_bytes(size, rgba, USUAL) for each in ("png", "tif")} == {
        0
    }


def test_no_two_containers_claim_a_suffix():
    suffixes = [suffix for container in FORMATS for suffix in container.suffixes]
    assert len(set(suffixes)) == len(suffixes)


@pytest.mark.parametrize(
    ("name", "pixel_format", "expected"),
    [
        ("a.png", DEEP_RGBA, ()),
        ("a.tif", DEEP_RGBA, ()),
        (
            "a.jpg",
            DEEP_RGBA,
            ("JPEG holds no transparency: laid on white", "JPEG holds 8 bits: reduced from 16"),
        ),
        ("a.jpg", GREY, ()),
        ("a.webp", DEEP_RGBA, ("WebP holds 8 bits: reduced from 16",)),
        ("a.webp", GREY, ("WebP holds no greyscale: written as RGB",)),
        ("a.avif", DEEP_RGBA, ("AVIF holds 12 bits: reduced from 16",)),
    ],
)
def test_the_user_is_told_what_pixels_lose(name, pixel_format, expected):
    assert format_notes(Path(name), pixel_format, Metadata(), Metadata()) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.jpg", ()),
        ("a.tif", ()),
        ("a.png", ("PNG is written without IPTC",)),
        ("a.dzi", tuple(f"Deep Zoom is written without {each}" for each in ("EXIF", "XMP", "IPTC"))),
    ],
)
def test_the_user_is_told_what_metadata_are_lost(name, expected):
    metadata = Metadata(exif=b"e", xmp=b"x", iptc=b"i")
    assert format_notes(Path(name), GREY, metadata, metadata) == expected


@pytest.mark.parametrize(
    ("name", "pixel_format", "quality", "is_told"),
    [
        ("a.dzi", RGBA, 50, True),
        ("a.dzi", RGBA, None, False),
        ("a.dzi", GREY, 50, False),
        ("a.webp", RGBA, 50, False),
    ],
)
def test_the_user_is_told_of_a_quality_that_tiles_with_alpha_have_not(name, pixel_format, quality, is_told):
    options = OutputOptions(quality=quality)
    told = format_notes(Path(name), pixel_format, Metadata(), Metadata(), options)
    note = "Deep Zoom keeps transparency in PNG tiles: --quality has no effect"
    assert told == ((note,) if is_told else ())


def test_the_user_is_told_of_a_block_that_is_too_large():
    source, made = Metadata(exif=b"e" * 60_000), Metadata(exif=b"e" * 70_000)
    [note] = format_notes(Path("a.jpg"), GREY, made, source)
    assert note == "JPEG has no room for 70,000 bytes of EXIF: left out"


def test_what_we_add_ourselves_is_no_loss():
    assert format_notes(Path("a.dzi"), GREY, Metadata(exif=b"e", xmp=b"x"), Metadata()) == ()


def test_tiles_with_alpha_are_counted_as_png():
    size, container = Size(1000, 1000), output_format(Path("a.dzi"))
    opaque, clear = (PixelFormat(channels, np.dtype(np.uint8)) for channels in (3, 4))
    lossless = OutputOptions(lossless=True)
    assert container.disk_bytes(size, clear, USUAL) == container.disk_bytes(size, clear, lossless)
    assert container.disk_bytes(size, opaque, USUAL) < container.disk_bytes(size, opaque, lossless)
    assert container.disk_bytes(size, opaque, lossless) > opaque.nbytes(size)
