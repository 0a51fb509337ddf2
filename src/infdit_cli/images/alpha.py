"""Opacity: colours where nothing is seen."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from infdit_cli.images.source import Pixels

# Opacity from which on a pixel's own colour is trusted. Laid on anything, no pixel changes by more than 4 of
# 255 levels; 1/4 would keep dots along edges away as well, but change drop shadows visibly.
_SURE = 1 / 16
_BAND_ROWS = 128  # even, so that squares of two by two are whole


def bleed_colours(colours: Pixels, alpha: Pixels) -> None:
    """Give transparent pixels of ``colours`` the colours of their visible neighbours, in place.

    Files keep black or white there; a network would see an edge and draw it into the visible pixels
    beside. Of pixels that can hardly be seen, programs that multiply colours by alpha while they work
    leave only a few levels of colour (at an opacity of 1 of 255, only 0 and 255); these are taken the
    less for their own the more transparent they are. From a sixteenth on, pixels are left as they are.

    Args:
        colours: ``[H, W, 1 or 3]``.
        alpha: Their opacity, ``[H, W]``.
    """
    if alpha.any():
        _fill(colours, alpha, sure=np.iinfo(alpha.dtype).max * _SURE)


def _fill(colours: NDArray[Any], weight: NDArray[Any], *, sure: float) -> None:
    """Fill what weighs less than ``sure`` from the same picture at half the size, itself filled that way.

    A hole thus takes the mean colour of the smallest surrounding square that has any ("push-pull",
    Gortler et al. 1996), in time proportional to the pixels however large the hole is.
    """
    if weight.min() >= sure or weight.size == 1:
        return
    coarse, weights = _halved(colours, weight)
    _fill(coarse, weights, sure=sure)
    for top in range(0, len(weight), _BAND_ROWS):
        rows = slice(top, top + _BAND_ROWS)
        _fill_band(colours[rows], np.minimum(weight[rows] / np.float32(sure), 1), coarse[top // 2 :])


def _fill_band(colours: NDArray[Any], share: NDArray[np.float32], coarse: NDArray[np.float32]) -> None:
    height, width = share.shape
    doubled = coarse[: (height + 1) // 2].repeat(2, axis=0)[:height].repeat(2, axis=1)[:, :width]
    blended = doubled + (colours - doubled) * share[..., None]
    values = np.rint(blended) if colours.dtype.kind == "u" else blended
    np.copyto(colours, values, where=(share < 1)[..., None], casting="unsafe")


def _halved(colours: NDArray[Any], weight: NDArray[Any]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the weighted mean of every 2x2 square, and the sum of its weights."""
    height, width = weight.shape
    weights = np.zeros(((height + 1) // 2, (width + 1) // 2), np.float32)
    sums = np.zeros((*weights.shape, colours.shape[2]), np.float32)
    for top in range(0, height, _BAND_ROWS):
        rows, coarse = slice(top, top + _BAND_ROWS), slice(top // 2, (top + _BAND_ROWS) // 2)
        _add_squares(sums[coarse], weights[coarse], colours[rows], weight[rows])
    return sums, weights


def _add_squares(
    sums: NDArray[np.float32], weights: NDArray[np.float32], colours: NDArray[Any], weight: NDArray[Any]
) -> None:
    for corner in (np.s_[row::2, col::2] for row in (0, 1) for col in (0, 1)):
        part = weight[corner].astype(np.float32)
        rows, cols = part.shape
        weights[:rows, :cols] += part
        sums[:rows, :cols] += colours[corner] * part[..., None]
    sums /= np.maximum(weights, 1)[..., None]  # weights are 0 or at least 1
