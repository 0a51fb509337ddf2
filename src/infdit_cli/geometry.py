"""Sizes, rectangles and block places: ``(row, col)``, ``(height, width)``, half-open, top-left origin."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple


class Size(NamedTuple):
    """Height and width, in whatever unit the name of the variable says."""

    height: int
    width: int

    def scaled(self, factor: int) -> Size:
        """Return both sides times ``factor``."""
        return Size(self.height * factor, self.width * factor)

    def ceil_div(self, unit: int) -> Size:
        """Return how many ``unit``s cover each side."""
        return Size(-(-self.height // unit), -(-self.width // unit))

    def ceil_div_by(self, unit: Size) -> Size:
        """Return how many rectangles of ``unit`` cover each side."""
        return Size(-(-self.height // unit.height), -(-self.width // unit.width))

    def clipped(self, limit: Size) -> Size:
        """Return the size, with no side longer than that of ``limit``."""
        return Size(min(self.height, limit.height), min(self.width, limit.width))

    def grown_to(self, limit: Size) -> Size:
        """Return the size, with no side shorter than that of ``limit``."""
        return Size(max(self.height, limit.height), max(self.width, limit.width))

    @property
    def area(self) -> int:
        """Height times width."""
        return self.height * self.width


class BlockIndex(NamedTuple):
    """Place of a block in the grid of blocks."""

    row: int
    col: int


class Rect(NamedTuple):
    """A half-open rectangle: rows ``top`` to ``bottom``, columns ``left`` to ``right``."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def size(self) -> Size:
        """Height and width."""
        return Size(self.bottom - self.top, self.right - self.left)

    @property
    def rows(self) -> slice:
        """Rows as an index into an array."""
        return slice(self.top, self.bottom)

    @property
    def cols(self) -> slice:
        """Columns as an index into an array."""
        return slice(self.left, self.right)

    def scaled(self, factor: int) -> Rect:
        """Return the same place in a grid ``factor`` times as fine."""
        return Rect(self.top * factor, self.left * factor, self.bottom * factor, self.right * factor)

    def grown(self, margin: int) -> Rect:
        """Return the rectangle with ``margin`` added on all four sides."""
        return Rect(self.top - margin, self.left - margin, self.bottom + margin, self.right + margin)

    def clipped(self, outer: Rect) -> Rect:
        """Return the part that lies in ``outer``."""
        return Rect(
            max(self.top, outer.top),
            max(self.left, outer.left),
            min(self.bottom, outer.bottom),
            min(self.right, outer.right),
        )

    def within(self, size: Size) -> Rect:
        """Return the part that lies in a canvas of ``size``."""
        return self.clipped(Rect(0, 0, *size))

    def divided(self, factor: int) -> Rect:
        """Return the same place in a grid ``factor`` times as coarse; all four sides are multiples."""
        return Rect(*(side // factor for side in self))

    def covering(self, factor: int) -> Rect:
        """Return the smallest place in a grid ``factor`` times as coarse that covers the rectangle."""
        return Rect(
            self.top // factor, self.left // factor, -(-self.bottom // factor), -(-self.right // factor)
        )

    def relative_to(self, outer: Rect) -> Rect:
        """Return the same place counted from the top left of ``outer``."""
        return Rect(
            self.top - outer.top, self.left - outer.left, self.bottom - outer.top, self.right - outer.left
        )

    def blocks(self) -> Iterator[BlockIndex]:
        """Yield the cells of the rectangle, read as a part of the block grid, in raster order."""
        for row in range(self.top, self.bottom):
            for col in range(self.left, self.right):
                yield BlockIndex(row, col)
