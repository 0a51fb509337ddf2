"""Boxes of the ISO base media file format, of which HEIF and AVIF are made.

Source: ISO/IEC 14496-12, 4.2.
"""

from __future__ import annotations

import struct
import sys
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

HEAD = struct.Struct(">I4s")  # the length of the whole box, and its kind


class Box(NamedTuple):
    """Where a box is.

    Attributes:
        kind: Its four letters.
        start: Offset of its content, behind the head.
        num_bytes: Of its content.
    """

    kind: bytes
    start: int
    num_bytes: int


def boxes(file: BinaryIO, start: int = 0) -> Iterator[Box]:
    """Yield the boxes that follow one another from ``start`` on; the file may be read meanwhile.

    The last is the one before a box whose length is not in its head: the rest of the file, or over 4 GiB.
    """
    file.seek(start)
    while len(head := file.read(HEAD.size)) == HEAD.size:
        length, kind = HEAD.unpack(head)
        if length < HEAD.size:
            return
        yield Box(kind, start + HEAD.size, length - HEAD.size)
        start = file.seek(start + length)


def content_of_first(file: BinaryIO, kind: bytes, most_bytes: int = sys.maxsize) -> bytes:
    """Return what is in the first box of a kind, as ``content_of`` does; nothing if there is none."""
    found = next((box for box in boxes(file) if box.kind == kind), None)
    return content_of(file, found, most_bytes) if found else b""


def content_of(file: BinaryIO, box: Box, most_bytes: int = sys.maxsize) -> bytes:
    """Return what is in a box, as far as the file has it and up to ``most_bytes``."""
    file.seek(box.start)
    return file.read(min(box.num_bytes, most_bytes))
