"""Blur kernels: each sums to 1, has an odd side and its centre in the middle."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import j1

Kernel = NDArray[np.float64]


class Ellipse(NamedTuple):
    """The shape of a blur.

    Attributes:
        along, across: Standard deviations on its two axes, in pixels.
        angle: Of the first axis with the rows, in radians.
    """

    along: float
    across: float
    angle: float = 0.0


def gaussian_kernel(side: int, shape: Ellipse, beta: float = 1.0) -> Kernel:
    """Return a generalised Gaussian; with ``beta`` 1 a Gaussian.

    Args:
        side: Of the kernel, odd.
        shape: Its standard deviations and direction.
        beta: Larger is flatter inside and steeper at its edge.
    """
    return _normalised(np.exp(-0.5 * _squared_distances(side, shape) ** beta))


def plateau_kernel(side: int, shape: Ellipse, beta: float) -> Kernel:
    """Return a kernel with a flat top and long tails (Liu et al. 2020, arXiv 2006.14208).

    Args:
        side: Of the kernel, odd.
        shape: Its half-widths at half its height, and direction.
        beta: Larger is flatter inside and steeper at its edge.
    """
    return _normalised(1 / (1 + _squared_distances(side, shape) ** beta))


def sinc_kernel(side: int, cutoff: float) -> Kernel:
    """Return a radial low-pass filter of ``side`` pixels: it overshoots and rings as sharpening does.

    Args:
        side: Of the kernel, odd.
        cutoff: Largest frequency that passes, in radians a pixel, up to pi.
    """
    rows, cols = _offsets(side)
    distance = np.hypot(rows, cols)
    distance[side // 2, side // 2] = 1.0  # any: its value is known in closed form
    kernel = cutoff * j1(cutoff * distance) / (2 * math.pi * distance)
    kernel[side // 2, side // 2] = cutoff**2 / (4 * math.pi)
    return _normalised(kernel)


def _squared_distances(side: int, shape: Ellipse) -> Kernel:
    """Return the square of every place's distance from the centre, in standard deviations."""
    rows, cols = _offsets(side)
    cos, sin = math.cos(shape.angle), math.sin(shape.angle)
    along = (cols * cos + rows * sin) / shape.along
    across = (rows * cos - cols * sin) / shape.across
    squared: Kernel = along**2 + across**2
    return squared


def _offsets(side: int) -> tuple[Kernel, Kernel]:
    """Return row and column of every place, counted from the centre."""
    line = np.arange(side) - side // 2.0
    rows, cols = np.meshgrid(line, line, indexing="ij")
    return rows, cols


def _normalised(kernel: Kernel) -> Kernel:
    normalised: Kernel = kernel / kernel.sum()
    return normalised
