"""Conversions between integers in files, [0, 1] and the model's [-1, 1]."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from infdit_cli.images.source import Pixels


def to_unit(pixels: Pixels) -> NDArray[np.float32]:
    """Return integers as float32 in [0, 1], of the same shape."""
    return np.divide(pixels, np.iinfo(pixels.dtype).max, dtype=np.float32)


def to_model(rgb: Pixels) -> NDArray[np.float32]:
    """Return ``[H, W, C]`` integers as ``[C, H, W]`` float32 in [-1, 1]."""
    # In place and in its final order: a large picture is never there as floats more than once.
    model = np.divide(rgb.transpose(2, 0, 1), np.iinfo(rgb.dtype).max, dtype=np.float32, order="C")
    model *= 2
    model -= 1
    return model


def from_model(chw: NDArray[np.float32], dtype: np.dtype[Any]) -> Pixels:
    """Return ``[C, H, W]`` in [-1, 1] as ``[H, W, C]`` integers, rounded and clipped.

    Args:
        chw: Finite values; what to do about NaN is for the caller to decide.
        dtype: ``uint8`` or ``uint16``.
    """
    most = np.iinfo(dtype).max
    levels = chw * np.float32(most / 2)
    levels += np.float32(most / 2)
    np.rint(levels, out=levels)
    np.clip(levels, 0, most, out=levels)
    pixels: Pixels = levels.transpose(1, 2, 0).astype(dtype, order="C")
    return pixels
