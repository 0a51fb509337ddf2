"""Upright pictures without another copy of their pixels."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

UPRIGHT = 1
# EXIF 2.32, 4.6.4: which orientations have rows for columns, columns backwards, rows backwards.
TURNED = frozenset({5, 6, 7, 8})
_COLS_BACKWARDS = frozenset({2, 3, 6, 7})
_ROWS_BACKWARDS = frozenset({3, 4, 7, 8})


def upright_point(x: float, y: float, orientation: int) -> tuple[float, float]:
    """Return where a point of the stored picture is once that is upright.

    Args:
        x: From the left, as a share of the picture's width.
        y: From the top, as a share of its height.
        orientation: As for ``upright``.
    """
    if orientation in TURNED:
        x, y = y, x
    return 1 - x if orientation in _COLS_BACKWARDS else x, 1 - y if orientation in _ROWS_BACKWARDS else y


def upright(pixels: NDArray[Any], orientation: int) -> NDArray[Any]:
    """Return a view of ``[H, W, ...]`` as it is meant to be seen.

    Args:
        pixels: As the file stores them.
        orientation: EXIF's number, 1 to 8; any other counts as upright.
    """
    turned = pixels.swapaxes(0, 1) if orientation in TURNED else pixels
    mirrored = turned[:, ::-1] if orientation in _COLS_BACKWARDS else turned
    return mirrored[::-1] if orientation in _ROWS_BACKWARDS else mirrored
