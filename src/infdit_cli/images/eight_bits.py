"""Colours alone, in 8 bits: what models are trained on and measured with."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from infdit_cli.images.read import read_image


def read_colours(path: Path) -> NDArray[np.uint8]:
    """Return a picture's colours upright, ``[H, W, 3]`` uint8; 16 bits are rounded.

    Opacity is left aside: the colours of pixels that are not seen are those that a model would get, too.

    Raises:
        InputImageError: If it cannot be read.
    """
    rgb = read_image(path).rgb
    levels = np.rint(rgb / 257) if rgb.dtype == np.uint16 else rgb
    return np.ascontiguousarray(levels, dtype=np.uint8)
