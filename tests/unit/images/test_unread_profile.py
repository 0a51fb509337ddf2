"""Profiles that Pillow leaves unread: of JPEG 2000 and BMP."""

import struct

import numpy as np
import pytest
from PIL import Image

from infdit_cli.images import read_image
from support.pictures import SRGB, encoded, noise, pillow


def jpeg2000(profile, method=2):
    """Return a JP2 whose colour specification box holds ``profile`` in place of a number."""
    data = encoded(pillow(noise(16, 20)), "JPEG2000", irreversible=False)
    start, header = data.index(b"colr") - 4, data.index(b"jp2h") - 4
    (old_bytes,), (header_bytes,) = (
        struct.unpack_from(">I", data, start),
        struct.unpack_from(">I", data, header),
    )
    box = struct.pack(">I4sBBB", 11 + len(profile), b"colr", method, 0, 0) + profile
    grown = struct.pack(">I", header_bytes - old_bytes + len(box))
    return data[:header] + grown + data[header + 4 : start] + box + data[start + old_bytes :]


def bmp(profile, kind=b"DEBM"):
    pixels = noise(4, 4)
    rows = pixels[::-1, :, ::-1].tobytes()
    header = struct.pack("<IiiHHIIiiII", 124, 4, 4, 1, 24, 0, len(rows), 0, 0, 0, 0).ljust(56, b"\0") + kind
    header = header.ljust(108, b"\0") + struct.pack("<IIII", 4, 124 + len(rows), len(profile), 0)
    start = 14 + len(header)
    return struct.pack("<2sIII", b"BM", start + len(rows) + len(profile), 0, start) + header + rows + profile


@pytest.mark.parametrize(
    "data", [jpeg2000(SRGB), jpeg2000(SRGB, method=3), bmp(SRGB)], ids=["jp2", "any", "bmp"]
)
def test_the_profile_is_read(tmp_path, data):
    path = tmp_path / "picture"
    path.write_bytes(data)
    picture = read_image(path)
    assert picture.metadata.icc_profile == SRGB
    with Image.open(path) as plain:
        np.testing.assert_array_equal(picture.rgb, np.asarray(plain))


@pytest.mark.parametrize(
    "data",
    [
        encoded(pillow(noise(16, 20)), "JPEG2000"),
        encoded(pillow(noise(16, 20)), "JPEG2000", no_jp2=True),
        encoded(pillow(noise(16, 20)), "BMP"),
        bmp(SRGB, kind=b"BGRs"),
    ],
    ids=["number", "codestream", "short header", "sRGB"],
)
def test_a_picture_without_one_has_none(tmp_path, data):
    path = tmp_path / "picture"
    path.write_bytes(data)
    assert read_image(path).metadata.icc_profile is None
