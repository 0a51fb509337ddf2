"""PNGs chunk by chunk."""

from __future__ import annotations

import struct
import zlib

from support.pictures import encoded

_HEADER_BYTES = 33  # the signature and the IHDR chunk


def chunk(kind, data):
    """Return a whole chunk."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def raw_profile(name, data):
    """Return the text, keyword included, as which ImageMagick keeps a block of metadata."""
    digits = data.hex()
    lines = "\n".join(digits[at : at + 72] for at in range(0, len(digits), 72))
    return f"Raw profile type {name}\0\n{name}\n{len(data):8}\n{lines}\n".encode()


def torn(whole):
    """Return a chunk with a wrong checksum."""
    return whole[:-1] + bytes([whole[-1] ^ 1])


def png_with(picture, *, before=b"", behind=b""):
    """Return a Pillow ``picture`` as PNG with chunks before and behind its pixels."""
    return with_chunks(encoded(picture, "PNG"), before=before, behind=behind)


def with_chunks(content, *, before=b"", behind=b""):
    """Return the bytes of a PNG with chunks behind its header and behind its pixels."""
    end = chunk(b"IEND", b"")
    start, pixels = content[:_HEADER_BYTES], content[_HEADER_BYTES:].removesuffix(end)
    return start + before + pixels + behind + end


def grey_png(rows, *, width, bits, extra=b""):
    """Return rows of packed greys as PNG, with chunks before the pixels."""
    header = struct.pack(">IIBBBBB", width, len(rows), bits, 0, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows))
    start = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
    return start + extra + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
