"""Directories of tags, as TIFF has them and EXIF took over: read and written without decoding a value.

Sources: TIFF 6.0, section 2; the BigTIFF extension of libtiff; EXIF 2.32, 4.6.2.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO, Literal, NamedTuple

BYTE, SHORT, LONG, RATIONAL, UNDEFINED, LONG8 = 1, 3, 4, 5, 7, 16
# Bytes of one value of each type, and of the single numbers that it is made of.
TYPE_BYTES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
TYPE_BYTES |= {16: 8, 17: 8, 18: 8}  # of BigTIFF
_NUMBER_BYTES = TYPE_BYTES | {5: 4, 10: 4}
_LARGEST_VALUE_BYTES = 64 << 20  # a damaged count must not fill the memory
_MOST_TAGS = 4096
_CLASSIC, _BIG = 42, 43

ByteOrder = Literal["<", ">"]


class Tag(NamedTuple):
    """One value of a directory.

    Attributes:
        kind: Its type, a key of ``TYPE_BYTES``.
        data: All its bytes, in the byte order of the directory.
    """

    kind: int
    data: bytes


Directory = dict[int, Tag]


@dataclass(frozen=True, slots=True)
class TiffLayout:
    """How directories lie in a file.

    Args:
        order: ``<`` for least byte first.
        big: BigTIFF, with counts and offsets of 64 bits.
    """

    order: ByteOrder
    big: bool = False

    @property
    def offset(self) -> struct.Struct:
        """An offset into the file."""
        return struct.Struct(self.order + ("Q" if self.big else "I"))

    @property
    def entry(self) -> struct.Struct:
        """An entry: tag, type, count, and the value if it fits or else where it is."""
        return struct.Struct(self.order + ("HHQ8s" if self.big else "HHI4s"))

    @property
    def length(self) -> struct.Struct:
        """The number of entries of a directory."""
        return struct.Struct(self.order + ("Q" if self.big else "H"))

    @property
    def header(self) -> bytes:
        """How a file begins, up to the offset of its first directory."""
        mark = b"II" if self.order == "<" else b"MM"
        extra = struct.pack(self.order + "HH", 8, 0) if self.big else b""
        return mark + struct.pack(self.order + "H", _BIG if self.big else _CLASSIC) + extra

    def pointer(self, offset: int) -> Tag:
        """Return a value that says where another directory is."""
        return Tag(LONG8 if self.big else LONG, self.offset.pack(offset))


def read_layout(file: BinaryIO) -> tuple[TiffLayout, int]:
    """Return how ``file`` is laid out, and where its first directory is.

    Raises:
        ValueError: If it is no TIFF.
    """
    file.seek(0)
    head = file.read(16)
    for layout in (TiffLayout(order, big) for order in ("<", ">") for big in (False, True)):
        start = len(layout.header)
        if head.startswith(layout.header) and len(head) >= start + layout.offset.size:
            return layout, layout.offset.unpack_from(head, start)[0]
    raise ValueError("no TIFF structure")


def read_entries(file: BinaryIO, layout: TiffLayout, at: int) -> tuple[dict[int, bytes], int]:
    """Return the undecoded entries of the directory at ``at`` by tag, and where the next directory is.

    Raises:
        ValueError: If there is no whole directory.
    """
    _go_to(file, at)
    head = file.read(layout.length.size)
    num_tags = layout.length.unpack(head)[0] if len(head) == layout.length.size else 0
    size = layout.entry.size
    body = file.read(num_tags * size + layout.offset.size) if 0 < num_tags <= _MOST_TAGS else b""
    if len(body) < num_tags * size or not body:
        raise ValueError(f"no whole directory at {at}")
    entries = [body[start : start + size] for start in range(0, num_tags * size, size)]
    following = body[num_tags * size :]
    after = layout.offset.unpack(following)[0] if len(following) == layout.offset.size else 0
    return {layout.entry.unpack(entry)[0]: entry for entry in entries}, after


def read_directory(file: BinaryIO, layout: TiffLayout, at: int) -> Directory:
    """Return the directory at ``at``; single tags that make no sense are left out.

    Raises:
        ValueError: If there is no whole directory.
    """
    entries, _ = read_entries(file, layout, at)
    return decoded(file, layout, entries)


def decoded(file: BinaryIO, layout: TiffLayout, entries: Mapping[int, bytes]) -> Directory:
    """Return a directory's tags from its entries; those that make no sense are left out."""
    return dict(_values(file, layout, entries))


def _values(file: BinaryIO, layout: TiffLayout, entries: Mapping[int, bytes]) -> Iterator[tuple[int, Tag]]:
    for number, entry in entries.items():
        _, kind, count, field = layout.entry.unpack(entry)
        num_bytes = count * TYPE_BYTES.get(kind, 0)
        if not 0 < num_bytes <= _LARGEST_VALUE_BYTES:
            continue
        data = field[:num_bytes]
        if num_bytes > len(field):
            _go_to(file, layout.offset.unpack(field)[0])
            data = file.read(num_bytes)
        if len(data) == num_bytes:
            yield number, Tag(kind, data)


def _go_to(file: BinaryIO, at: int) -> None:
    """Go to ``at``, or to the end of ``file`` if that is nearer: no system takes every offset of 64 bits."""
    file.seek(min(at, file.seek(0, os.SEEK_END)))


def value_at(file: BinaryIO, layout: TiffLayout, at: int, number: int) -> int | None:
    """Return where a value of the directory at ``at`` lies; ``None`` if it has no place of its own.

    Raises:
        ValueError: If there is no whole directory.
    """
    entries, _ = read_entries(file, layout, at)
    if number not in entries:
        return None
    _, kind, count, field = layout.entry.unpack(entries[number])
    return layout.offset.unpack(field)[0] if count * TYPE_BYTES.get(kind, 0) > len(field) else None


def packed(
    tags: Directory, layout: TiffLayout, at: int, placed: Mapping[int, int] | None = None
) -> tuple[dict[int, bytes], bytes]:
    """Return the entries of ``tags``, and the values too long for them, which are to lie at ``at``.

    Args:
        tags: What to write.
        layout: How.
        at: Where the values are to lie.
        placed: Where some of them lie already, by tag.
    """
    entries, values, placed = {}, bytearray(), placed or {}
    for number, (kind, data) in sorted(tags.items()):
        room = layout.offset.size
        field = data.ljust(room, b"\0")
        if number in placed:
            field = layout.offset.pack(placed[number])
        elif len(data) > room:
            field = layout.offset.pack(at + len(values))
            values += data + b"\0" * (len(data) % 2)  # values begin at even offsets
        entries[number] = layout.entry.pack(number, kind, len(data) // TYPE_BYTES[kind], field)
    return entries, bytes(values)


def directory(entries: Mapping[int, bytes], layout: TiffLayout, following: int = 0) -> bytes:
    """Return a directory of ready ``entries``; ``following`` is where the next one is."""
    body = b"".join(entries[number] for number in sorted(entries))
    return layout.length.pack(len(entries)) + body + layout.offset.pack(following)


def whole_directory(
    tags: Directory, layout: TiffLayout, at: int, placed: Mapping[int, int] | None = None
) -> bytes:
    """Return a directory that is to lie at ``at``, with its values behind it; see ``packed``."""
    num_bytes = layout.length.size + len(tags) * layout.entry.size + layout.offset.size
    num_bytes += num_bytes % 2
    entries, values = packed(tags, layout, at + num_bytes, placed)
    return directory(entries, layout).ljust(num_bytes, b"\0") + values


def in_order(tags: Directory, old: ByteOrder, new: ByteOrder) -> Directory:
    """Return the same values in another byte order."""
    return tags if old == new else {number: _turned(tag) for number, tag in tags.items()}


def _turned(tag: Tag) -> Tag:
    size = _NUMBER_BYTES[tag.kind]
    parts = (tag.data[start : start + size][::-1] for start in range(0, len(tag.data), size))
    return Tag(tag.kind, b"".join(parts))
