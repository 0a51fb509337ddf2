"""Metadata in PNG chunks, wherever they are; other readers stop at the pixels or decode them first."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator
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
            xmp = _TEXTS[kind](data[len(_XMP_KEYWORD) + 1 :])
    return exif, xmp


def _chunks(path: Path) -> Iterator[tuple[bytes, bytes]]:
    """Yield the chunks that may hold metadata, and jump over the rest."""
    with path.open("rb") as file:
        if file.read(len(_SIGNATURE)) != _SIGNATURE:
            return
        while len(head := file.read(8)) == 8:
            num_bytes, kind = struct.unpack(">I4s", head)
            if (kind == b"eXIf" or kind in _TEXTS) and num_bytes <= _MOST_BYTES:
                yield kind, file.read(num_bytes)
                num_bytes = 0
            file.seek(num_bytes + 4, 1)  # and the checksum


def _international(data: bytes) -> bytes | None:
    """Return the text of an iTXt chunk after its keyword: flag, method, language, keyword again, text."""
    *_, text = data[2:].split(b"\0", 2)
    return _inflated(text) if data[:1] == b"\x01" else text


def _inflated(data: bytes) -> bytes | None:
    try:
        return zlib.decompressobj().decompress(data, _MOST_BYTES)
    except zlib.error:
        return None


# What follows the keyword in each kind of text (PNG specification, 11.3.3); libvips writes zTXt.
_TEXTS: dict[bytes, Callable[[bytes], bytes | None]] = {
    b"iTXt": _international,
    b"tEXt": lambda text: text,
    b"zTXt": lambda data: _inflated(data[1:]),
}
