"""Colour profiles in JPEG 2000 and BMP, which Pillow leaves unread.

Sources: ISO/IEC 15444-1, I.5.3.3 (colour specification box); Microsoft's BITMAPV5HEADER.
"""

from __future__ import annotations

import struct
from io import BytesIO
from pathlib import Path

from PIL import ImageFile

from infdit_cli.metadata.bmff import boxes, content_of, content_of_first

_MOST_BYTES = 16 << 20
_RESTRICTED, _ANY = 2, 3  # methods of a colour specification box: ICC profiles, of some kinds or of any
_METHOD_BYTES = 3  # method, precedence, approximation
_FILE_HEAD_BYTES, _V5_BYTES = 14, 124
_KIND_AT, _EMBEDDED = 56, b"DEBM"  # MBED as a number, least byte first
_PLACE_AT = 112


def unread_profile(path: Path, image: ImageFile.ImageFile) -> bytes | None:
    """Return the profile of a picture where Pillow does not read it; ``None`` if there is none."""
    if image.format == "JPEG2000":
        return _in_jpeg2000(path)
    return _in_bmp(path) if image.format == "BMP" else None


def _in_jpeg2000(path: Path) -> bytes | None:
    with path.open("rb") as file:
        described = BytesIO(content_of_first(file, b"jp2h", _MOST_BYTES))
    for box in boxes(described):
        colours = content_of(described, box) if box.kind == b"colr" else b""
        if colours[:1] in {bytes([_RESTRICTED]), bytes([_ANY])}:
            return colours[_METHOD_BYTES:] or None
    return None


def _in_bmp(path: Path) -> bytes | None:
    with path.open("rb") as file:
        file.seek(_FILE_HEAD_BYTES)
        header = file.read(_V5_BYTES)
        if len(header) < _V5_BYTES or header[_KIND_AT : _KIND_AT + len(_EMBEDDED)] != _EMBEDDED:
            return None
        offset, num_bytes = struct.unpack_from("<II", header, _PLACE_AT)
        file.seek(_FILE_HEAD_BYTES + offset)
        return file.read(min(num_bytes, _MOST_BYTES)) or None
