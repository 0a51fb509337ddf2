"""Resolution, EXIF, XMP and IPTC as segments of a JPEG."""

from __future__ import annotations

import struct

from infdit_cli.tiles.writers.blocks import Blocks
from infdit_cli.tiles.writers.head import Head

_START_BYTES = 2  # the marker that starts the picture
_APP0, _APP1, _APP13 = 0xE0, 0xE1, 0xED
_JFIF, _PER_INCH, _DENSEST = b"JFIF\0\1\1", 1, 65_535
_EXIF_PREFIX = b"Exif\0\0"
_XMP_PREFIX = b"http://ns.adobe.com/xap/1.0/\0"


def jpeg_head(blocks: Blocks, dpi: tuple[float, float]) -> Head:
    """Return the segments that belong at the start of a JPEG.

    JFIF comes first, as it demands, and has no finer resolution than whole dots an inch; EXIF has it, too.
    """
    across, down = (max(1, min(round(each), _DENSEST)) for each in dpi)
    data = _segment(_APP0, _JFIF + struct.pack(">BHHBB", _PER_INCH, across, down, 0, 0))
    if "EXIF" in blocks:
        data += _segment(_APP1, _EXIF_PREFIX + blocks["EXIF"])
    if "XMP" in blocks:
        data += _segment(_APP1, _XMP_PREFIX + blocks["XMP"])
    if "IPTC" in blocks:
        data += _segment(_APP13, _photoshop(blocks["IPTC"]))
    return Head(_START_BYTES, data)


def _segment(marker: int, data: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def _photoshop(datasets: bytes) -> bytes:
    """Return IPTC as JPEG has it: a resource of Photoshop (its file format specification, 0x0404)."""
    padding = b"\0" * (len(datasets) % 2)
    return b"Photoshop 3.0\x008BIM\x04\x04\0\0" + len(datasets).to_bytes(4, "big") + datasets + padding
