"""Resolution, EXIF, XMP and IPTC as segments of a JPEG."""

from __future__ import annotations

import struct

from infdit_cli.metadata.marks import EXIF_PREFIX, IPTC_RESOURCE
from infdit_cli.tiles.writers.blocks import Blocks
from infdit_cli.tiles.writers.head import Head
from infdit_cli.tiles.writers.jpeg_xmp import xmp_segments

_START_BYTES = 2  # the marker that starts the picture
_APP0, _APP1, _APP13 = 0xE0, 0xE1, 0xED
_JFIF, _PER_INCH, _DENSEST = b"JFIF\0\1\1", 1, 65_535


def jpeg_head(blocks: Blocks, dpi: tuple[float, float]) -> Head:
    """Return the segments that belong at the start of a JPEG.

    JFIF comes first, as it demands, and has no finer resolution than whole dots an inch; EXIF has it, too.
    """
    across, down = (max(1, min(round(each), _DENSEST)) for each in dpi)
    data = _segment(_APP0, _JFIF + struct.pack(">BHHBB", _PER_INCH, across, down, 0, 0))
    if "EXIF" in blocks:
        data += _segment(_APP1, EXIF_PREFIX + blocks["EXIF"])
    if "XMP" in blocks:
        data += b"".join(_segment(_APP1, each) for each in xmp_segments(blocks["XMP"]) or ())
    if "IPTC" in blocks:
        data += _segment(_APP13, _photoshop(blocks["IPTC"]))
    return Head(_START_BYTES, data)


def _segment(marker: int, data: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def _photoshop(datasets: bytes) -> bytes:
    """Return IPTC as JPEG has it: a resource of Photoshop."""
    padding = b"\0" * (len(datasets) % 2)
    resource = b"8BIM" + IPTC_RESOURCE.to_bytes(2) + b"\0\0"
    return b"Photoshop 3.0\0" + resource + len(datasets).to_bytes(4) + datasets + padding
