"""The chunks of a PNG: which are damaged, and metadata wherever they are.

Other readers stop at the pixels, or refuse a picture for a chunk beside it. Source: PNG specification, third
edition, sections 5 and 11.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Collection, Iterator
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, NamedTuple

MOST_TEXT_BYTES = 16 << 20
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_END, _PIXELS = b"IEND", b"IDAT"
_FRAME_BYTES = 12  # of a chunk: length, kind and checksum
_PIECE_BYTES = 1 << 20
_DEFLATE, _COMPRESSED = b"\0", b"\1"
_LEAST_BYTES = {b"cHRM": 32, b"gAMA": 4, b"sRGB": 1, b"pHYs": 9, b"cICP": 4, b"acTL": 8, b"fcTL": 26}
# What pixels mean the same without. A list, since a flipped bit makes any chunk one that may be ignored.
_METADATA = frozenset(_LEAST_BYTES) | frozenset(
    {b"iCCP", b"sBIT", b"bKGD", b"hIST", b"sPLT", b"tIME", b"eXIf", b"tEXt", b"zTXt", b"iTXt"}
)


class Chunk(NamedTuple):
    """Where a chunk is.

    Attributes:
        kind: Its four letters.
        start: Offset of its length, with which it begins.
        num_bytes: Of its data.
    """

    kind: bytes
    start: int
    num_bytes: int

    @property
    def end(self) -> int:
        """Offset behind its checksum."""
        return self.start + _FRAME_BYTES + self.num_bytes


class PngMetadata(NamedTuple):
    """What chunks of a PNG say of its picture; the last of each, should there be more.

    Attributes:
        exif: The eXIf chunk.
        texts: What stands under those keywords that were asked for, decompressed.
    """

    exif: bytes | None
    texts: dict[bytes, bytes]


def png_metadata(content: Path | bytes, keywords: Collection[bytes]) -> PngMetadata:
    """Return the EXIF of a PNG and its texts under ``keywords``, before the pixels or behind them."""
    exif, texts = None, {}
    with _opened(content) as file:
        for chunk in _chunks(file):
            if chunk.num_bytes > MOST_TEXT_BYTES:
                continue
            if chunk.kind == b"eXIf":
                exif = _data(file, chunk)
            elif chunk.kind in _TEXTS:
                keyword, _, data = _data(file, chunk).partition(b"\0")
                text = _TEXTS[chunk.kind](data) if keyword in keywords else None
                if text is not None:
                    texts[keyword] = text
    return PngMetadata(exif, texts)


def png_chunk(content: Path | bytes, kind: bytes) -> bytes | None:
    """Return the data of the first chunk of a ``kind``; ``None`` if there is none."""
    with _opened(content) as file:
        found = next((chunk for chunk in _chunks(file) if chunk.kind == kind), None)
        return _data(file, found) if found else None


def damaged_metadata(path: Path) -> list[Chunk]:
    """Return the chunks beside the pixels of a PNG that a decoder would stumble over; none of other files."""
    with path.open("rb") as file:
        return [chunk for chunk in _chunks(file) if chunk.kind in _METADATA and not _is_sound(file, chunk)]


def without_chunks(path: Path, chunks: list[Chunk]) -> bytes:
    """Return the bytes of a file but for ``chunks``, which are in its order."""
    data = path.read_bytes()
    starts, ends = [0, *(each.end for each in chunks)], [*(each.start for each in chunks), len(data)]
    return b"".join(data[start:end] for start, end in zip(starts, ends, strict=True))


def pixels_are_damaged(path: Path) -> bool:
    """Return whether a checksum of the pixels in a PNG is wrong; one that is cut off is no such sign."""
    with path.open("rb") as file:
        return any(chunk.kind == _PIXELS and _is_torn(file, chunk) for chunk in _chunks(file))


def _opened(content: Path | bytes) -> BinaryIO:
    return content.open("rb") if isinstance(content, Path) else BytesIO(content)


def _chunks(file: BinaryIO) -> Iterator[Chunk]:
    """Yield the chunks as long as one follows another; the file may be read meanwhile."""
    if file.read(len(_SIGNATURE)) != _SIGNATURE:
        return
    chunk = Chunk(b"", len(_SIGNATURE) - _FRAME_BYTES, 0)
    while chunk.kind != _END:
        file.seek(chunk.end)
        head = file.read(8)
        if len(head) < 8 or not head[4:].isalpha():
            return
        num_bytes, kind = struct.unpack(">I4s", head)
        chunk = Chunk(kind, chunk.end, num_bytes)
        yield chunk


def _data(file: BinaryIO, chunk: Chunk) -> bytes:
    file.seek(chunk.start + 8)
    return file.read(chunk.num_bytes)


def _is_sound(file: BinaryIO, chunk: Chunk) -> bool:
    if chunk.num_bytes < _LEAST_BYTES.get(chunk.kind, 0) or _is_torn(file, chunk):
        return False
    if chunk.kind not in _DEFLATED:
        return True
    after_name = _data(file, chunk).partition(b"\0")[2]
    if chunk.kind == b"iTXt":
        if after_name[:1] != _COMPRESSED:
            return True
        after_name = after_name[1:2] + after_name[2:].split(b"\0", 2)[-1]
    return after_name[:1] == _DEFLATE and _inflates(after_name[1:])


def _is_torn(file: BinaryIO, chunk: Chunk) -> bool:
    """Return whether the checksum of a chunk is there and wrong."""
    file.seek(chunk.start + 4)
    found, left = 0, 4 + chunk.num_bytes
    while left > 0 and (piece := file.read(min(left, _PIECE_BYTES))):
        found, left = zlib.crc32(piece, found), left - len(piece)
    told = file.read(4)
    return len(told) == 4 and found != int.from_bytes(told)


def _inflates(data: bytes) -> bool:
    """Return whether ``data`` was compressed, from no more than is read of any text."""
    inflater = zlib.decompressobj()
    try:
        inflater.decompress(data, MOST_TEXT_BYTES)
    except zlib.error:
        return False
    return not inflater.unconsumed_tail


def _international(data: bytes) -> bytes | None:
    """Return the text of an iTXt chunk after its keyword: flag, method, language, keyword again, text."""
    *_, text = data[2:].split(b"\0", 2)
    return _inflated(text) if data[:1] == _COMPRESSED else text


def _inflated(data: bytes) -> bytes | None:
    try:
        return zlib.decompressobj().decompress(data, MOST_TEXT_BYTES)
    except zlib.error:
        return None


# Chunks of a name, a method and compressed data; iTXt has more between, and may do without.
_DEFLATED = frozenset({b"iCCP", b"zTXt", b"iTXt"})
# What follows the keyword in each kind of text (section 11.3.3); libvips writes zTXt.
_TEXTS: dict[bytes, Callable[[bytes], bytes | None]] = {
    b"iTXt": _international,
    b"tEXt": lambda text: text,
    b"zTXt": lambda data: _inflated(data[1:]),
}
