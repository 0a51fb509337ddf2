"""Whether blocks can be seen: steps between pixels across block borders against steps elsewhere."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray


def border_ratio(pixels: NDArray[Any], axis: int, *, block_px: int, every_px: int = 1) -> float:
    """Return how much larger the mean step between neighbours is across block borders than elsewhere.

    Args:
        pixels: ``[H, W]`` or ``[H, W, channels]``.
        axis: 0 steps from row to row, 1 from column to column.
        block_px: Side of a block; the first begins at the top left.
        every_px: Compare only with places that are multiples of it. What is interpolated is steepest half-way
            between LR pixels, where block borders lie, too; so they are compared with borders of LR pixels.

    Returns:
        1 where borders are like any other place, NaN where there is no border.
    """
    steps = np.abs(np.diff(pixels.astype(np.float64), axis=axis))
    lines = steps.mean(axis=tuple(each for each in range(steps.ndim) if each != axis))
    places = np.arange(1, len(lines) + 1)
    at_border = places % block_px == 0
    elsewhere = ~at_border & (places % every_px == 0)
    if not at_border.any() or not elsewhere.any():
        return math.nan
    across, inside = float(lines[at_border].mean()), float(lines[elsewhere].mean())
    if inside == 0:
        return 1.0 if across == 0 else math.inf
    return across / inside


def seam_score(pixels: NDArray[Any], *, block_px: int, scale: int) -> float:
    """Return the mean of both axes' ``border_ratio`` among borders of LR pixels; NaN without any."""
    ratios = [border_ratio(pixels, axis, block_px=block_px, every_px=scale) for axis in (0, 1)]
    known = [ratio for ratio in ratios if not math.isnan(ratio)]
    return sum(known) / len(known) if known else math.nan
