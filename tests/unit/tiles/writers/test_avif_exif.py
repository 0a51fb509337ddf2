import struct

import numpy as np
import pytest
import pyvips
from PIL import Image

from infdit_cli.metadata import Exif
from infdit_cli.metadata.ifd import Tag
from infdit_cli.tiles.writers.avif_exif import put_exif
from support.pictures import MAKE, XMP, p3_profile, smooth


def block(num_bytes):
    return Exif(main={MAKE: Tag(2, b"M" * num_bytes + b"\0")}).tobytes()


def saved(path, *, keep, channels=3):
    image = pyvips.Image.new_from_array(smooth(channels=channels), interpretation="srgb")
    image.set_type(pyvips.GValue.blob_type, "xmp-data", XMP)
    image.set_type(pyvips.GValue.blob_type, "icc-profile-data", p3_profile())
    image.heifsave(str(path), compression="av1", keep=keep)
    return path


@pytest.mark.parametrize("channels", [3, 4])
@pytest.mark.parametrize("keep", [9, 11], ids=["EXIF alone", "and XMP"])
@pytest.mark.parametrize("num_bytes", [8, 70_001])
def test_a_block_takes_the_place_of_the_made_up_one(tmp_path, keep, num_bytes, channels):
    path = saved(tmp_path / "out.avif", keep=keep, channels=channels)
    pixels = pyvips.Image.heifload(str(path)).numpy()
    put_exif(path, {"EXIF": block(num_bytes)})
    image = pyvips.Image.heifload(str(path), revalidate=True)
    np.testing.assert_array_equal(image.numpy(), pixels)
    assert image.get("exif-data").endswith(block(num_bytes))
    with Image.open(path) as picture:
        picture.load()
        assert picture.getexif()[MAKE] == "M" * num_bytes
        assert picture.info.get("xmp") == (XMP if keep == 11 else None)
        assert picture.info["icc_profile"] == p3_profile()


@pytest.mark.parametrize("keep", [0, 2], ids=["a bare file", "one with XMP"])
def test_a_file_without_exif_stays_as_it_is(tmp_path, keep):
    path = saved(tmp_path / "out.avif", keep=keep)
    before = path.read_bytes()
    put_exif(path, {"EXIF": block(8)})
    assert path.read_bytes() == before


def box(kind, content):
    return struct.pack(">I4s", 8 + len(content), kind) + content


def item(number, *, wide, version, offset_bytes, at, length):
    """Return where an item lies, as each version of the box tells it."""
    method, index = (b"\0\1", bytes(offset_bytes)) if version else (b"", b"")
    extent = index + at.to_bytes(offset_bytes) + length.to_bytes(offset_bytes)
    return number.to_bytes(wide) + method + bytes(2) + bytes(offset_bytes) + b"\0\1" + extent


@pytest.mark.parametrize("version", [0, 1, 2])
@pytest.mark.parametrize("offset_bytes", [4, 8])
def test_every_version_of_the_places_is_understood(tmp_path, version, offset_bytes):
    """libheif writes version 0 with 4 bytes; a later one may write the others."""
    wide = 4 if version == 2 else 2
    sizes = bytes([offset_bytes * 17, offset_bytes * (17 if version else 16)])
    other, exif = (
        item(number, wide=wide, version=version, offset_bytes=offset_bytes, at=7, length=5)
        for number in (1, 2)
    )
    places = bytes([version, 0, 0, 0]) + sizes + (2).to_bytes(wide) + other + exif
    kinds = ((1, b"av01"), (2, b"Exif"))
    head = bytes([3 if wide == 4 else 2, 0, 0, 0])
    infos = [box(b"infe", head + number.to_bytes(wide) + bytes(2) + kind + b"\0") for number, kind in kinds]
    described = box(b"iloc", places) + box(b"iinf", bytes(4) + (2).to_bytes(2) + b"".join(infos))
    path = tmp_path / "made.avif"
    path.write_bytes(box(b"ftyp", b"avif") + box(b"meta", bytes(4) + described) + box(b"mdat", b"pixels"))
    before = path.read_bytes()
    put_exif(path, {"EXIF": b"block"})
    after = path.read_bytes()
    told = item(2, wide=wide, version=version, offset_bytes=offset_bytes, at=len(before) + 8, length=9)
    expected = before.replace(exif, told.replace(b"\0\1", b"\0\0", 1) if version else told)
    assert after == expected + box(b"mdat", bytes(4) + b"block")
