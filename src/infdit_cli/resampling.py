"""Which pixels of a picture make a pixel of the resized one, and how much each counts.

A pixel's taps follow from its place alone, so parts of a resized picture join without a seam however they
are cut, at whole factors and at any other.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Kernel(NamedTuple):
    """A resampling kernel.

    Attributes:
        reach: Distance from its centre beyond which it is zero, in pixels of the coarser grid.
        weight: Its value at distances from 0 to ``reach``.
    """

    reach: int
    weight: Callable[[NDArray[np.float64]], NDArray[np.float64]]


class Taps(NamedTuple):
    """Where the pixels of a stretch of a resized line come from.

    Attributes:
        places: Pixels of the original, ``[n, taps]``; all of them exist.
        weights: How much each counts, ``[n, taps]`` float32; those of a pixel add up to 1.
    """

    places: NDArray[np.intp]
    weights: NDArray[np.float32]

    @property
    def span(self) -> tuple[int, int]:
        """First place, and the one after the last."""
        return int(self.places.min()), int(self.places.max()) + 1


def taps(length: int, step: float, start: int, stop: int, kernel: Kernel) -> Taps:
    """Return the taps of some resized pixels, antialiased where they are coarser.

    Args:
        length: Pixels of the original line; what lies beyond counts nothing.
        step: Pixels of the original from one resized pixel to the next: ``length / resized``.
        start: First resized pixel.
        stop: The one after the last.
        kernel: What blends them.
    """
    stretch = max(step, 1.0)
    reach = math.ceil(kernel.reach * stretch)
    centres = (np.arange(start, stop) + 0.5) * step - 0.5
    places = np.floor(centres).astype(np.intp)[:, None] + np.arange(1 - reach, 1 + reach)
    distances = np.abs(places - centres[:, None]) / stretch
    weights = np.where(distances < kernel.reach, kernel.weight(distances), 0.0)
    weights[(places < 0) | (places >= length)] = 0
    weights /= weights.sum(axis=1, keepdims=True)
    return Taps(places.clip(0, length - 1), weights.astype(np.float32))


def _cubic(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cubic convolution (Keys 1981, equation 4) with a = -0.5, as Pillow has it: exact on parabolas."""
    a = -0.5
    near = ((a + 2) * x - (a + 3)) * x * x + 1
    far = (((x - 5) * x + 8) * x - 4) * a
    return np.where(x < 1, near, far)


def _lanczos(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """A sinc under a sinc three times as wide (Lanczos, as Pillow has it)."""
    return np.sinc(x) * np.sinc(x / 3)


BICUBIC = Kernel(2, _cubic)
LANCZOS = Kernel(3, _lanczos)
