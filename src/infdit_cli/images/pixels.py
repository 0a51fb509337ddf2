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
    """Return ``[H, W, 3]`` integers as ``[3, H, W]`` float32 in [-1, 1]."""
    unit = to_unit(rgb).transpose(2, 0, 1)
    return np.ascontiguousarray(unit * np.float32(2) - np.float32(1))


def from_model(chw: NDArray[np.float32], dtype: np.dtype[Any]) -> Pixels:
    """Return ``[3, H, W]`` in [-1, 1] as ``[H, W, 3]`` integers, rounded and clipped.

    Args:
        chw: Finite values; what to do about NaN is for the caller to decide.
        dtype: ``uint8`` or ``uint16``.
    """
    half = np.iinfo(dtype).max / 2
    levels = np.rint(chw.transpose(1, 2, 0) * np.float32(half) + np.float32(half))
    pixels: Pixels = np.ascontiguousarray(np.clip(levels, 0, np.iinfo(dtype).max).astype(dtype))
    return pixels
