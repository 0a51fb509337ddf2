"""The items that a HEIF or AVIF consists of: what each is, and where its data lie.

Source: ISO/IEC 14496-12, 8.11.3 (``iloc``) and 8.11.6 (``iinf``).
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO, NamedTuple

from infdit_cli.metadata.bmff import boxes, content_of

VERSION_BYTES = 4  # of a box that has one, with its flags
_PROTECTION_BYTES = 2
_IN_THE_FILE = 0  # and not in the box that describes them, or in another item


class Item(NamedTuple):
    """What an item is.

    Attributes:
        number: By which other boxes name it.
        text: Its kind in four letters, its name and content type.
    """

    number: int
    text: bytes


class Location(NamedTuple):
    """Where the data of an item lie.

    Attributes:
        number: The item's.
        told_at: Offset behind that number in the content of the box.
        in_the_file: Whether offsets are those of the file.
        ends: Of each piece.
    """

    number: int
    told_at: int
    in_the_file: bool
    ends: tuple[int, ...]


def items(content: bytes) -> Iterator[Item]:
    """Yield what each item is, of the content of ``iinf``."""
    file = BytesIO(content)
    for entry in boxes(file, VERSION_BYTES + (4 if content[:1] > b"\0" else 2)):
        told = content_of(file, entry)
        wide = 4 if told[:1] == b"\3" else 2
        text_at = VERSION_BYTES + wide + _PROTECTION_BYTES
        yield Item(int.from_bytes(told[VERSION_BYTES:][:wide]), told[text_at:])


class Locations:
    """Where the items lie, of the content of ``iloc``.

    Raises:
        EOFError: If it breaks off; so does its iteration.
    """

    def __init__(self, content: bytes) -> None:
        self._file = BytesIO(content)
        self._version = _number(self._file, VERSION_BYTES) >> 24
        widths = _number(self._file, 2)
        self._offset, self._length, self._base, index = (widths >> shift & 15 for shift in (12, 8, 4, 0))
        self._index = index if self._version else 0
        self._method = 2 if self._version else 0
        self._item = 4 if self._version == 2 else 2

    def __iter__(self) -> Iterator[Location]:
        file = self._file
        file.seek(VERSION_BYTES + 2)
        for _ in range(_number(file, self._item)):
            number, told_at = _number(file, self._item), file.tell()
            method = _number(file, self._method) % 16
            _number(file, 2)  # in which file: phones and cameras name no other
            base = _number(file, self._base)
            ends = tuple(base + self._end_of_piece() for _ in range(_number(file, 2)))
            yield Location(number, told_at, method == _IN_THE_FILE, ends)

    def one_piece(self, at: int, num_bytes: int) -> bytes:
        """Return what is told of an item in one piece ``at`` an offset of the file, behind its number."""
        # From the start of the file, in this file, from no other base.
        head = bytes(self._method + 2 + self._base)
        place = at.to_bytes(self._offset) + num_bytes.to_bytes(self._length)
        return head + b"\0\1" + bytes(self._index) + place

    def _end_of_piece(self) -> int:
        _number(self._file, self._index)
        return _number(self._file, self._offset) + _number(self._file, self._length)


def _number(file: BinaryIO, num_bytes: int) -> int:
    data = file.read(num_bytes)
    if len(data) < num_bytes:
        raise EOFError("the table of its items breaks off")
    return int.from_bytes(data)
