"""EXIF as its directories of tags; values stay the bytes they were.

A library that decodes them has to guess: Pillow takes text for ASCII and writes a question mark for every
other letter.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from io import BytesIO
from typing import BinaryIO, Self

from infdit_cli.metadata.ifd import (
    LONG,
    RATIONAL,
    SHORT,
    ByteOrder,
    Directory,
    Tag,
    TiffLayout,
    in_order,
    read_directory,
    read_layout,
    value_at,
    whole_directory,
)

IMAGE_WIDTH, IMAGE_LENGTH, ORIENTATION = 0x0100, 0x0101, 0x0112
X_RESOLUTION, Y_RESOLUTION, RESOLUTION_UNIT = 0x011A, 0x011B, 0x0128
PIXEL_X_DIMENSION, PIXEL_Y_DIMENSION = 0xA002, 0xA003
FOCAL_PLANE_X_RESOLUTION, FOCAL_PLANE_Y_RESOLUTION = 0xA20E, 0xA20F
_EXIF_POINTER, _GPS_POINTER, _INTEROP_POINTER = 0x8769, 0x8825, 0xA005
_MAKER_NOTE = 0x927C
_MOST_FILLING_BYTES = 8192  # before a maker note that stays where it was
LARGEST_RATIO = 400_000  # with four decimals still 32 bits
_NUMBERS = {SHORT: "H", LONG: "I"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Exif:
    """The directories of a picture; a thumbnail's is left out, for it shows the old picture.

    Args:
        order: Byte order of all values.
        main: What a TIFF says of its picture.
        exif, gps, interop: The directories that ``main`` and ``exif`` point to.
        note_at: Where the maker note lay in the block. Most makers count from the start of the block, so it
            is written there again if there is room.
    """

    order: ByteOrder = "<"
    main: Directory = field(default_factory=dict)
    exif: Directory = field(default_factory=dict)
    gps: Directory = field(default_factory=dict)
    interop: Directory = field(default_factory=dict)
    note_at: int | None = field(default=None, compare=False)

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read a block of EXIF.

        Raises:
            ValueError: If it does not begin as one.
        """
        return cls.read(BytesIO(data))

    @classmethod
    def read(cls, file: BinaryIO) -> Self:
        """Read the first directory of a TIFF or BigTIFF and those it points to; see ``parse``."""
        layout, at = read_layout(file)
        main = read_directory(file, layout, at)
        note_at = _note_at(file, layout, main)
        exif = _pointed(file, layout, main, _EXIF_POINTER)
        interop = _pointed(file, layout, exif, _INTEROP_POINTER)
        gps = _pointed(file, layout, main, _GPS_POINTER)
        return cls(order=layout.order, main=main, exif=exif, gps=gps, interop=interop, note_at=note_at)

    def __bool__(self) -> bool:
        return any((self.main, self.exif, self.gps))

    def tobytes(self) -> bytes:
        """Return a block of EXIF."""
        layout = TiffLayout(self.order)
        start = len(layout.header) + layout.offset.size
        pointers, _ = self.below(layout, start)
        num_bytes = len(whole_directory(self.main | pointers, layout, start))
        note, placed = self._note_behind(start + num_bytes)
        pointers, below = self.below(layout, start + num_bytes + len(note), placed)
        main = whole_directory(self.main | pointers, layout, start)
        return layout.header + layout.offset.pack(start) + main + note + below

    def _note_behind(self, end: int) -> tuple[bytes, dict[int, int]]:
        """Return what is to lie at ``end`` so that the maker note stays where it was, and where it is."""
        note, at = self.exif.get(_MAKER_NOTE), self.note_at
        if note is None or at is None or len(note.data) <= 4:  # so short it lies in its entry
            return b"", {}
        if not end <= at <= end + _MOST_FILLING_BYTES:
            return b"", {}
        filled = bytes(at - end) + note.data
        return filled + b"\0" * ((end + len(filled)) % 2), {_MAKER_NOTE: at}

    def below(
        self, layout: TiffLayout, at: int, placed: Mapping[int, int] | None = None
    ) -> tuple[Directory, bytes]:
        """Return the directories under the main one for offset ``at``, after what is to point to them.

        ``placed`` says where values of ``exif`` lie already.
        """
        data, pointers, exif = b"", {}, self.exif
        if self.interop:
            exif = exif | {_INTEROP_POINTER: layout.pointer(at)}
            data = whole_directory(self.interop, layout, at)
        for number, tags, lying in ((_EXIF_POINTER, exif, placed), (_GPS_POINTER, self.gps, None)):
            if tags:
                pointers[number] = layout.pointer(at + len(data))
                data += whole_directory(tags, layout, at + len(data), lying)
        return pointers, data

    def in_order(self, order: ByteOrder) -> Exif:
        """Return the same values in another byte order."""
        main, exif, gps, interop = (
            in_order(tags, self.order, order) for tags in (self.main, self.exif, self.gps, self.interop)
        )
        return Exif(order=order, main=main, exif=exif, gps=gps, interop=interop)

    def integer(self, tags: Directory, number: int) -> int | None:
        """Return a value that is one SHORT or LONG; ``None`` for any other."""
        tag = tags.get(number)
        if tag is None or tag.kind not in _NUMBERS or len(tag.data) != struct.calcsize(_NUMBERS[tag.kind]):
            return None
        return int(struct.unpack(self.order + _NUMBERS[tag.kind], tag.data)[0])

    def ratio(self, tags: Directory, number: int) -> Fraction | None:
        """Return a value that is one positive RATIONAL; ``None`` for any other."""
        tag = tags.get(number)
        if tag is None or tag.kind != RATIONAL or len(tag.data) != 8:
            return None
        above, below = struct.unpack(self.order + "II", tag.data)
        return Fraction(above, below) if above and below else None

    def short(self, value: int) -> Tag:
        """Return a SHORT for these directories."""
        return Tag(SHORT, struct.pack(self.order + "H", value))

    def long(self, value: int) -> Tag:
        """Return a LONG for these directories."""
        return Tag(LONG, struct.pack(self.order + "I", value))

    def rational(self, value: float | Fraction) -> Tag:
        """Return a RATIONAL for these directories."""
        exact = Fraction(min(value, LARGEST_RATIO)).limit_denominator(10_000)
        return Tag(RATIONAL, struct.pack(self.order + "II", exact.numerator, exact.denominator))


def _pointed(file: BinaryIO, layout: TiffLayout, tags: Directory, number: int) -> Directory:
    """Take a pointer out of ``tags`` and return the directory it points to, if there is one."""
    at = _offset(tags.pop(number, None), layout)
    try:
        return {} if at is None else read_directory(file, layout, at)
    except ValueError:
        return {}


def _note_at(file: BinaryIO, layout: TiffLayout, main: Directory) -> int | None:
    at = _offset(main.get(_EXIF_POINTER), layout)
    try:
        return None if at is None else value_at(file, layout, at, _MAKER_NOTE)
    except ValueError:
        return None


def _offset(pointer: Tag | None, layout: TiffLayout) -> int | None:
    if pointer is None or len(pointer.data) > 8:
        return None
    return int.from_bytes(pointer.data, "little" if layout.order == "<" else "big")
