"""EXIF and XMP as chunks of a PNG; libvips writes XMP in one that few readers look for."""

from __future__ import annotations

import struct
import zlib

from infdit_cli.metadata.marks import PNG_XMP_KEYWORD
from infdit_cli.tiles.writers.blocks import Blocks
from infdit_cli.tiles.writers.head import Head

_START_BYTES = 33  # the signature, and the chunk IHDR, which must be the first
# Not compressed, no language, no translated keyword (PNG specification, 11.3.3.4; XMP part 3, 1.1.5).
_PREFIX = PNG_XMP_KEYWORD + b"\0" + b"\0\0" + b"\0" + b"\0"


def png_head(blocks: Blocks, _dpi: tuple[float, float]) -> Head:
    """Return the chunks that belong behind the first one of a PNG; the resolution is written by libvips."""
    exif, xmp = blocks.get("EXIF"), blocks.get("XMP")
    data = (_chunk(b"eXIf", exif) if exif else b"") + (_chunk(b"iTXt", _PREFIX + xmp) if xmp else b"")
    return Head(_START_BYTES, data)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
