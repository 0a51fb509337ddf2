"""XMP in a finished PNG as its specification wants it; libvips writes a chunk that few readers look for."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

_KEYWORD = b"XML:com.adobe.xmp"
# Not compressed, no language, no translated keyword (PNG specification, 11.3.3.4; XMP part 3, 1.1.5).
_PREFIX = _KEYWORD + b"\0" + b"\0\0" + b"\0" + b"\0"


def add_xmp(path: Path, packet: bytes) -> None:
    """Put ``packet`` behind the pixels of the PNG ``path``, where a streaming encoder can."""
    end = _chunk(b"IEND", b"")
    with path.open("r+b") as file:
        file.seek(-len(end), 2)
        file.write(_chunk(b"iTXt", _PREFIX + packet) + end)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
