"""What we put at the head of a PNG or JPEG ourselves, among what libvips writes."""

import struct
import zlib

import pytest
from PIL import Image

from infdit_cli.config import OutputOptions
from infdit_cli.geometry import Rect, Size
from infdit_cli.metadata import Metadata
from infdit_cli.tiles import PixelFormat, encode
from support.pictures import IPTC, SRGB, XMP, smooth
from support.spools import spool_in

EVERYTHING = Metadata(exif=b"II*\0" + bytes(9), xmp=XMP, iptc=IPTC, icc_profile=SRGB, dpi=(300, 150))


def written(path, metadata):
    pixels = smooth()
    size = Size(*pixels.shape[:2])
    with spool_in(path.parent, size, PixelFormat(3, pixels.dtype)) as spool:
        spool.write(Rect(0, 0, *size), pixels)
        encode(spool, path, metadata=metadata, options=OutputOptions())
    return path.read_bytes()


def segments_of(jpeg):
    """Return the segments before the tables: marker and content."""
    assert jpeg[:2] == b"\xff\xd8"
    at, found = 2, []
    while jpeg[at + 1] & 0xF0 == 0xE0:
        end = at + 2 + int.from_bytes(jpeg[at + 2 : at + 4])
        found.append((jpeg[at + 1], jpeg[at + 4 : end]))
        at = end
    return found


def chunks_of(png):
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    at, found = 8, []
    while at < len(png):
        length, kind = struct.unpack_from(">I4s", png, at)
        data = png[at + 8 : at + 8 + length]
        assert zlib.crc32(kind + data) == int.from_bytes(png[at + 8 + length :][:4])
        found.append((kind, data))
        at += 12 + length
    return found


def test_a_jpeg_starts_with_jfif_exif_xmp_and_iptc(tmp_path):
    jfif, exif, xmp, iptc, profile = segments_of(written(tmp_path / "out.jpg", EVERYTHING))
    assert jfif == (0xE0, b"JFIF\0\1\1\1" + struct.pack(">HH", 300, 150) + b"\0\0")
    assert exif == (0xE1, b"Exif\0\0" + EVERYTHING.exif)
    assert xmp == (0xE1, b"http://ns.adobe.com/xap/1.0/\0" + XMP)
    assert iptc[0] == 0xED
    assert IPTC in iptc[1]
    assert profile[0] == 0xE2


@pytest.mark.parametrize(("dpi", "expected"), [((400_000, 0.5), (65_535, 1)), (None, (72, 72))], ids=str)
def test_jfif_has_the_nearest_resolution_that_it_can_hold(tmp_path, dpi, expected):
    [(_, jfif)] = segments_of(written(tmp_path / "out.jpg", Metadata(dpi=dpi)))
    assert struct.unpack_from(">HH", jfif, 8) == expected


def test_a_png_has_exif_and_xmp_before_its_pixels(tmp_path):
    chunks = chunks_of(written(tmp_path / "out.png", EVERYTHING))
    kinds = [kind for kind, _ in chunks]
    assert kinds[:3] == [b"IHDR", b"eXIf", b"iTXt"]
    assert kinds[-1] == b"IEND"
    assert chunks[1][1] == EVERYTHING.exif
    assert chunks[2][1].endswith(XMP)
    with Image.open(tmp_path / "out.png") as picture:
        assert picture.info["xmp"] == XMP


def test_nothing_is_put_into_a_png_where_there_is_nothing_to_say(tmp_path):
    kinds = [kind for kind, _ in chunks_of(written(tmp_path / "out.png", Metadata()))]
    assert kinds[:2] == [b"IHDR", b"pHYs"]
