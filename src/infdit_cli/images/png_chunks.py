"""Metadata in PNG chunks, wherever they are; other readers stop at the pixels or decode them first."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_XMP_KEYWORD = b"XML:com.adobe.xmp"
_MOST_BYTES = 16 << 20


def png_exif_and_xmp(path: Path) -> tuple[bytes | None, bytes | None]:
    """Return the eXIf chunk and the XMP packet of a PNG; the last of each, should there be more."""
    exif = xmp = None
    for kind, data in _chunks(path):
        if kind == b"eXIf":
            exif = data
        elif data.startswith(_XMP_KEYWORD + b"\0"):
            xmp = _text(data[len(_XMP_KEYWORD) + 1 :])
    return exif, xmp


def _chunks(path: Path) -> Iterator[tuple[bytes, bytes]]:
    """Yield the chunks that may hold metadata, and jump over the rest."""
    with path.open("rb") as file:
        if file.read(len(_SIGNATURE)) != _SIGNATURE:
            return
        while len(head := file.read(8)) == 8:
            num_bytes, kind = struct.unpack(">I4s", head)
            if kind in {b"eXIf", b"iTXt"} and num_bytes <= _MOST_BYTES:
                yield kind, file.read(num_bytes)
                num_bytes = 0
            file.seek(num_bytes + 4, 1)  # and the checksum


def _text(data: bytes) -> bytes | None:
    """Return the text of an iTXt chunk after its keyword (PNG specification, 11.3.3.4)."""
    compressed, _, rest = data[:1] == b"\x01", data[1:2], data[2:]
    *_, text = rest.split(b"\0", 2)
    if not compressed:
        return text
    try:
        return zlib.decompressobj().decompress(text, _MOST_BYTES)
    except zlib.error:
        return None
