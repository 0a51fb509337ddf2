"""From a file through an upscale to every container: what it said is said of the larger picture."""

import numpy as np
import pytest
import pyvips
from PIL import Image

from infdit_cli.config import OutputOptions
from infdit_cli.geometry import Rect, Size
from infdit_cli.images import output_metadata, read_image
from infdit_cli.metadata import Exif, Metadata
from infdit_cli.metadata.ifd import Tag
from infdit_cli.tiles import FORMATS, PixelFormat, encode
from support.pictures import IPTC, MAKE, ORIENTATION, XMP, encoded, p3_profile, pillow, smooth
from support.provenance import HOW
from support.spools import spool_in

EXIF_IFD, GPS_IFD = 0x8769, 0x8825
DATE, MAKER_NOTE, WIDTH, HEIGHT = 0x9003, 0x927C, 0xA002, 0xA003
CONTAINERS = [each for each in FORMATS if each.holds]


@pytest.fixture(scope="module")
def photograph(tmp_path_factory):
    """A turned Display P3 photograph of 48x64 pixels, 300 dpi, with everything in it."""
    say = Exif(order=">")
    block = Exif(
        order=">",
        main={
            MAKE: Tag(2, "Müller\0".encode()),
            ORIENTATION: say.short(6),
            0x011A: say.rational(300),
            0x011B: say.rational(300),
        },
        exif={
            DATE: Tag(2, b"2026:11:21 10:11:12\0"),
            MAKER_NOTE: Tag(7, b"Maker\0" + bytes(range(99))),
            WIDTH: say.long(64),
            HEIGHT: say.long(48),
        },
        gps={1: Tag(2, b"N\0"), 2: Tag(5, say.rational(47.5).data * 3)},
    ).tobytes()
    segment = b"Photoshop 3.0\x008BIM\x04\x04\0\0" + len(IPTC).to_bytes(4, "big") + IPTC
    jpeg = encoded(
        pillow(smooth(48, 64)), "JPEG", exif=b"Exif\0\0" + block, xmp=XMP, icc_profile=p3_profile()
    )
    path = tmp_path_factory.mktemp("source") / "photograph.jpg"
    length = (len(segment) + 2).to_bytes(2, "big")
    path.write_bytes(jpeg[:2] + b"\xff\xed" + length + segment + jpeg[2:])
    return path


@pytest.fixture(params=CONTAINERS, ids=lambda each: each.name)
def upscaled(request, photograph, tmp_path):
    """The container, and the photograph enlarged four times in it; the pixels do not matter here."""
    container = request.param
    source = read_image(photograph)
    size = source.size.scaled(4)
    metadata, notes = output_metadata(source.metadata, source_size=source.size, size=size, provenance=HOW)
    assert notes == ()
    path = tmp_path / f"out{container.suffixes[0]}"
    pixels = source.rgb.repeat(4, axis=0).repeat(4, axis=1)
    with spool_in(tmp_path, size, PixelFormat(3, np.dtype(np.uint8))) as spool:
        spool.write(Rect(0, 0, *size), pixels)
        encode(spool, path, metadata=metadata, options=OutputOptions())
    return container, path


def test_pillow_sees_an_upright_picture_with_the_cameras_tags(upscaled):
    _, path = upscaled
    with Image.open(path) as picture:
        assert picture.size == (192, 256)
        exif = picture.getexif()
        assert exif[ORIENTATION] == 1
        assert exif[0x011A] == exif[0x011B] == 1200
        assert exif[0x0128] == 2
        tags = exif.get_ifd(EXIF_IFD)
        assert tags[DATE] == "2026:11:21 10:11:12"
        assert tags[MAKER_NOTE] == b"Maker\0" + bytes(range(99))
        assert (tags[WIDTH], tags[HEIGHT]) == (192, 256)
        assert exif.get_ifd(GPS_IFD)[2] == (47.5, 47.5, 47.5)


def test_libvips_sees_the_same(upscaled):
    _, path = upscaled
    image = pyvips.Image.new_from_file(str(path)).autorot()
    assert (image.width, image.height) == (192, 256)
    assert image.get("icc-profile-data") == p3_profile()


def test_our_own_reader_finds_every_block_again(upscaled):
    container, path = upscaled
    found = read_image(path)
    assert found.size == Size(256, 192)
    assert found.notes == ()
    assert found.metadata.icc_profile == p3_profile()
    assert found.metadata.dpi == (1200, 1200)
    assert found.metadata.iptc == (IPTC if "IPTC" in container.holds else None)
    assert Exif.parse(found.metadata.exif).main[MAKE].data == "Müller\0".encode()


def test_the_xmp_says_how_the_picture_was_made(upscaled):
    xmp = read_image(upscaled[1]).metadata.xmp
    assert b'xmp:CreatorTool="infdit 1.2"' in xmp
    assert b'infdit:Seed="7"' in xmp


def test_a_png_says_it_in_the_kind_of_chunk_that_others_look_for(upscaled):
    container, path = upscaled
    assert (b"iTXtXML:com.adobe.xmp\0" in path.read_bytes()) == (container.name == "PNG")
    with Image.open(path) as picture:
        picture.load()
        described = picture.info.get("xmp") or picture.info.get("XML:com.adobe.xmp").encode()
    assert b"CreatorTool" in described


def test_no_thumbnail_of_the_old_picture_is_left(upscaled):
    with Image.open(upscaled[1]) as picture:
        assert not picture.getexif().get_ifd(1)


def test_a_bare_picture_stays_bare(tmp_path):
    for container in CONTAINERS:
        path = tmp_path / f"out{container.suffixes[0]}"
        size = Size(8, 8)
        with spool_in(tmp_path, size, PixelFormat(3, np.dtype(np.uint8))) as spool:
            encode(spool, path, metadata=Metadata(), options=OutputOptions())
        found = read_image(path).metadata
        assert (found.icc_profile, found.exif, found.xmp, found.iptc) == (None, None, None, None) or (
            container.name == "TIFF"  # its own tags of resolution are EXIF's, too
        )
