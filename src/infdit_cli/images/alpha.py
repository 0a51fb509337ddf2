"""Opacity: colours where nothing is seen, and the alpha channel at the output's size."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from infdit_cli.geometry import Size
from infdit_cli.images.source import Pixels

_BAND_ROWS = 512


def bleed_colours(rgb: Pixels, alpha: Pixels) -> Pixels:
    """Return ``rgb`` with the colours under fully transparent pixels taken from visible neighbours.

    Files keep black or white there; a network would see an edge and draw it into the visible pixels
    beside. Pixels that can be seen at all are returned as they are.
    """
    seen = alpha > 0
    if seen.all() or not seen.any():
        return rgb
    filled: Pixels = np.rint(_filled(rgb, alpha)).astype(rgb.dtype)
    return filled


def _filled(colour: NDArray[Any], weight: NDArray[Any]) -> NDArray[Any]:
    """Fill pixels of no weight from the same picture at half the size, itself filled that way.

    A hole thus takes the mean colour of the smallest surrounding square that has any ("push-pull",
    Gortler et al. 1996), in time proportional to the pixels however large the hole is.
    """
    known = weight > 0
    if known.all():
        return colour
    height, width = weight.shape
    coarse = _filled(*_halved(colour, weight))
    doubled = coarse.repeat(2, axis=0)[:height].repeat(2, axis=1)[:, :width]
    return np.where(known[..., None], colour, doubled)


def _halved(colour: NDArray[Any], weight: NDArray[Any]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the weighted mean of every 2x2 square, and the sum of its weights."""
    height, width = weight.shape
    weights = np.zeros(((height + 1) // 2, (width + 1) // 2), np.float32)
    sums = np.zeros((*weights.shape, 3), np.float32)
    for corner in (np.s_[row::2, col::2] for row in (0, 1) for col in (0, 1)):
        part = weight[corner].astype(np.float32)
        rows, cols = part.shape
        weights[:rows, :cols] += part
        sums[:rows, :cols] += colour[corner] * part[..., None]
    sums /= np.maximum(weights, 1)[..., None]  # weights are 0 or at least 1
    return sums, weights


def upscale_alpha(alpha: Pixels, size: Size) -> Pixels:
    """Return ``alpha`` resized to ``size`` by bicubic interpolation, in its own dtype.

    Interpolated in float and clipped, so flat 0 and flat opaque stay exact. Done in bands of rows:
    the float copy of a huge output never exists at once.
    """
    image = Image.fromarray(alpha.astype(np.float32))
    result = np.empty(size, alpha.dtype)
    rows_per_row = alpha.shape[0] / size.height
    for top in range(0, size.height, _BAND_ROWS):
        bottom = min(top + _BAND_ROWS, size.height)
        box = (0, top * rows_per_row, alpha.shape[1], min(bottom * rows_per_row, alpha.shape[0]))
        band = image.resize((size.width, bottom - top), Image.Resampling.BICUBIC, box=box)
        result[top:bottom] = np.rint(np.clip(np.asarray(band), 0, np.iinfo(alpha.dtype).max))
    return result
