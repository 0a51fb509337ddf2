"""A picture sheet: the same crop from the truth, from what the methods saw, and from every result."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from infdit_cli.degradation import Pixels
from infdit_cli.files import replacing_output
from infdit_cli.geometry import Rect

EDGE_PX = 256  # of a crop
MOST_ROWS = 60  # PNGs much taller than 16,384 pixels are shown by few programs

_GAP_PX = 6
_LINE_PX = 20
_FONT_PX = 14
_BACKGROUND, _TEXT, _TITLE = (255, 255, 255), (90, 90, 90), (0, 0, 0)


class Row:
    """One picture: crops with a label each.

    Args:
        title: Above the row.
        truth: ``[H, W, 3]``.
        lr: The same, some times smaller; it is shown enlarged, every pixel a square.
    """

    def __init__(self, title: str, truth: Pixels, lr: Pixels) -> None:
        self.title = title
        self.cells: list[tuple[str, Pixels]] = []
        self._place = busiest_place(truth, EDGE_PX, step=len(truth) // len(lr))
        self.add("truth", truth)
        self.add("input", _enlarged(lr, len(truth) // len(lr)))

    def add(self, label: str, picture: Pixels) -> None:
        """Append the crop of a picture of the truth's size."""
        # A copy: the picture itself need not stay in memory.
        self.cells.append((label, picture[self._place.rows, self._place.cols].copy()))


class Sheet:
    """Rows, one below the other; after ``MOST_ROWS`` it is full."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self._font = ImageFont.load_default(_FONT_PX)

    def start_row(self, title: str, truth: Pixels, lr: Pixels) -> Row | None:
        """Append a row, to which results are to be added; ``None`` if the sheet is full."""
        if len(self.rows) >= MOST_ROWS:
            return None
        self.rows.append(Row(title, truth, lr))
        return self.rows[-1]

    def save(self, path: Path) -> None:
        """Write the sheet as PNG, whole or not at all.

        Raises:
            OutputError: If it cannot be written.
        """
        with replacing_output(path) as temporary:
            self._drawn().save(temporary, "PNG")

    def _drawn(self) -> Image.Image:
        """Return the sheet."""
        heights = [2 * _LINE_PX + max(len(crop) for _, crop in row.cells) + _GAP_PX for row in self.rows]
        columns = max(len(row.cells) for row in self.rows)
        width = _GAP_PX + columns * (EDGE_PX + _GAP_PX)
        sheet = Image.new("RGB", (width, sum(heights)), _BACKGROUND)
        top = 0
        for row, height in zip(self.rows, heights, strict=True):
            self._draw_row(sheet, row, top)
            top += height
        return sheet

    def _draw_row(self, sheet: Image.Image, row: Row, top: int) -> None:
        draw = ImageDraw.Draw(sheet)
        draw.text((_GAP_PX, top + 2), _drawable(row.title), fill=_TITLE, font=self._font)
        for index, (label, crop) in enumerate(row.cells):
            left = _GAP_PX + index * (EDGE_PX + _GAP_PX)
            draw.text((left, top + _LINE_PX), label, fill=_TEXT, font=self._font)
            sheet.paste(Image.fromarray(crop), (left, top + 2 * _LINE_PX))


def busiest_place(picture: Pixels, edge_px: int, *, step: int) -> Rect:
    """Return the square with the most detail: the one whose steps between neighbouring pixels add up to most.

    Args:
        picture: ``[H, W, 3]``.
        edge_px: Side of the square; where the picture is smaller, all of it is taken.
        step: Its place is a multiple of this.
    """
    height, width = (min(side, edge_px) for side in picture.shape[:2])
    grey = picture.astype(np.float32).mean(axis=2)
    detail = np.zeros(grey.shape)
    detail[:-1] += np.abs(np.diff(grey, axis=0))
    detail[:, :-1] += np.abs(np.diff(grey, axis=1))
    sums = np.pad(detail, ((1, 0), (1, 0))).cumsum(axis=0).cumsum(axis=1)
    inside = sums[height:, width:] - sums[:-height, width:] - sums[height:, :-width] + sums[:-height, :-width]
    places = inside[::step, ::step]
    row, col = np.unravel_index(places.argmax(), places.shape)
    top, left = int(row) * step, int(col) * step
    return Rect(top, left, top + height, left + width)


def _enlarged(lr: Pixels, scale: int) -> Pixels:
    return lr.repeat(scale, axis=0).repeat(scale, axis=1)


def _drawable(text: str) -> str:
    """Return text that a font can be asked for: bytes of a file name that are no text are escaped."""
    return text.encode(errors="backslashreplace").decode()
