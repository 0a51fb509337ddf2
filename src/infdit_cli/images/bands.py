"""From Pillow's memory to an array, a band of rows at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_BAND_ROWS = 256

Convert = Callable[[Image.Image], NDArray[Any]]


def bands(image: Image.Image) -> Iterator[tuple[slice, Image.Image]]:
    """Yield the rows of every band of a loaded ``image``, and the band."""
    for top in range(0, image.height, _BAND_ROWS):
        bottom = min(top + _BAND_ROWS, image.height)
        yield slice(top, bottom), image.crop((0, top, image.width, bottom))


def in_bands(image: Image.Image, convert: Convert) -> NDArray[Any]:
    """Return ``[H, W, channels]``: what ``convert`` makes of every band.

    Pillow's own conversion to an array holds three more copies of the picture for a moment.
    """
    pixels: NDArray[Any] | None = None
    for rows, band in bands(image):
        part = convert(band)
        part = part.reshape(*part.shape[:2], -1)
        if pixels is None:
            pixels = np.empty((image.height, *part.shape[1:]), part.dtype)
        pixels[rows] = part
    if pixels is None:
        raise ValueError("the picture has no rows")
    return pixels
