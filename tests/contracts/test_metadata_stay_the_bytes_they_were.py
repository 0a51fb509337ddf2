"""EXIF and XMP come back as they went in, whatever libexif and libvips know of them."""

import struct

import numpy as np
import pytest
import pyvips
from PIL import Image

from infdit_cli.config import OutputOptions
from infdit_cli.geometry import Rect, Size
from infdit_cli.images import read_image
from infdit_cli.metadata import Exif, Metadata
from infdit_cli.metadata.ifd import Tag
from infdit_cli.tiles import FORMATS, PixelFormat, encode
from support.pictures import IPTC, MAKE, XMP, p3_profile, smooth
from support.spools import spool_in

EXIF_IFD, MAKER_NOTE, RATING, HOST_COMPUTER, USER_COMMENT = 0x8769, 0x927C, 0x4746, 0x013C, 0x9286
CONTAINERS = [each for each in FORMATS if each.holds]
ROOMY = [each for each in CONTAINERS if each.max_block_bytes is None]
JPEG = next(each for each in FORMATS if each.name == "JPEG")


def canon_note(at):
    """Return a maker note whose values are said to lie behind ``at``; libexif reads them there."""
    texts = [(6, b"IMG:EOS 5D JPEG".ljust(32, b"\0")), (9, b"Owner".ljust(32, b"\0"))]
    entries = [struct.pack("<HHII", tag, 2, 32, at + 30 + 32 * index) for index, (tag, _) in enumerate(texts)]
    return struct.pack("<H", 2) + b"".join(entries) + bytes(4) + b"".join(text for _, text in texts)


def exif_of(num_bytes=None):
    """Return EXIF of ``num_bytes`` with tags and a maker note that libexif would change."""
    say = Exif()
    main = {MAKE: Tag(2, b"Canon\0"), RATING: say.short(5), HOST_COMPUTER: Tag(2, b"A computer\0")}
    block = Exif(main=main, exif={MAKER_NOTE: Tag(7, canon_note(7))}).tobytes()
    if num_bytes is not None:
        comment = Tag(7, b"c" * (num_bytes - len(block) - 12))
        block = Exif(main=main, exif={MAKER_NOTE: Tag(7, canon_note(7)), USER_COMMENT: comment}).tobytes()
    return block


def written(folder, container, metadata, *, channels=3):
    pixels = smooth(channels=channels)
    size = Size(*pixels.shape[:2])
    path = folder / f"out{container.suffixes[0]}"
    with spool_in(folder, size, PixelFormat(channels, np.dtype(np.uint8))) as spool:
        spool.write(Rect(0, 0, *size), pixels)
        encode(spool, path, metadata=metadata, options=OutputOptions())
    return path


@pytest.mark.parametrize("container", CONTAINERS, ids=lambda each: each.name)
@pytest.mark.parametrize("channels", [3, 4])
def test_maker_notes_and_rare_tags(tmp_path, container, channels):
    metadata = Metadata(exif=exif_of(), xmp=XMP, iptc=IPTC, icc_profile=p3_profile())
    path = written(tmp_path, container, metadata, channels=channels)
    found = read_image(path).metadata
    assert found.icc_profile == p3_profile()
    read = Exif.parse(found.exif)
    assert read.exif[MAKER_NOTE].data == canon_note(7)
    assert read.main[HOST_COMPUTER].data == b"A computer\0"
    with Image.open(path) as picture:
        picture.load()
        exif = picture.getexif()
        assert exif.get_ifd(EXIF_IFD)[MAKER_NOTE] == canon_note(7)
        assert exif[RATING] == 5
        pixels = np.asarray(picture)
    np.testing.assert_allclose(pyvips.Image.new_from_file(str(path)).numpy().mean(), pixels.mean(), atol=1)


@pytest.mark.parametrize(
    ("container", "num_bytes"),
    [
        *((JPEG, each) for each in (64_930, 64_931, 65_000, 65_500)),
        *((each, num_bytes) for each in ROOMY for num_bytes in (65_535, 65_536, 300_001)),
    ],
    ids=lambda each: getattr(each, "name", each),
)
def test_large_exif(tmp_path, container, num_bytes):
    block = exif_of(num_bytes)
    assert len(block) == num_bytes + num_bytes % 2
    block = block[:num_bytes]
    path = written(tmp_path, container, Metadata(exif=block, xmp=XMP))
    found = read_image(path)
    assert found.notes == ()
    read, expected = Exif.parse(found.metadata.exif), Exif.parse(block)
    assert read.exif == expected.exif
    assert read.main[HOST_COMPUTER] == expected.main[HOST_COMPUTER]
    with Image.open(path) as picture:
        assert picture.getexif()[HOST_COMPUTER] == "A computer"


@pytest.mark.parametrize(
    ("container", "num_bytes"),
    [*((JPEG, each) for each in (59_999, 60_001, 65_500)), *((each, 300_001) for each in ROOMY)],
    ids=lambda each: getattr(each, "name", each),
)
def test_large_xmp(tmp_path, container, num_bytes):
    packet = XMP + b" " * (num_bytes - len(XMP))
    path = written(tmp_path, container, Metadata(exif=exif_of(), xmp=packet))
    assert read_image(path).metadata.xmp == packet
