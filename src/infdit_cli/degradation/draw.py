"""What chance decides of each damage: which one, and how strong."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np

from infdit_cli.degradation.kernels import Ellipse, Kernel, gaussian_kernel, plateau_kernel, sinc_kernel
from infdit_cli.degradation.recipe import Range, Round
from infdit_cli.degradation.stages import Interpolation

_INTERPOLATIONS: tuple[Interpolation, ...] = ("area", "bilinear", "bicubic")
# Real-ESRGAN's kernels and their odds: family, whether round, probability.
_KERNELS: tuple[tuple[Literal["gaussian", "generalised", "plateau"], bool, float], ...] = (
    ("gaussian", True, 0.45),
    ("gaussian", False, 0.25),
    ("generalised", True, 0.12),
    ("generalised", False, 0.03),
    ("plateau", True, 0.12),
    ("plateau", False, 0.03),
)
_ODDS = [odds for _, _, odds in _KERNELS]
_SMALLEST_HALF, _LARGEST_HALF = 3, 10  # of a kernel's side: 7 to 21 pixels
_LARGE_SIDE = 13  # from here on a sinc filter may cut lower


def even(span: Range, rng: np.random.Generator) -> float:
    """Draw evenly from a range."""
    return float(rng.uniform(*span))


def happens(probability: float, rng: np.random.Generator) -> bool:
    """Draw whether something happens."""
    return bool(rng.random() < probability)


def interpolation(rng: np.random.Generator) -> Interpolation:
    """Draw how to resize."""
    return _INTERPOLATIONS[rng.integers(len(_INTERPOLATIONS))]


def factor(strength: Round, rng: np.random.Generator) -> float:
    """Draw by how much to resize: grow, shrink or keep, then how far."""
    smallest, largest = strength.resize
    grow, shrink, _ = strength.resize_odds
    choice = rng.random()
    if choice < grow:
        return even((1.0, largest), rng)
    if choice < grow + shrink:
        return even((smallest, 1.0), rng)
    return 1.0


def blur_kernel(strength: Round, rng: np.random.Generator) -> Kernel:
    """Draw a blur: its size, its family, its shape."""
    side = _side(rng)
    if happens(strength.sinc_probability, rng):
        lowest = math.pi / (3 if side < _LARGE_SIDE else 5)
        return sinc_kernel(side, even((lowest, math.pi), rng))
    family, is_round, _ = _KERNELS[rng.choice(len(_KERNELS), p=_ODDS)]
    shape = _ellipse(strength.sigma, is_round=is_round, rng=rng)
    match family:
        case "gaussian":
            return gaussian_kernel(side, shape)
        case "generalised":
            return gaussian_kernel(side, shape, _beta(strength.sharp_beta, rng))
        case "plateau":
            return plateau_kernel(side, shape, _beta(strength.flat_beta, rng))


def last_sinc(rng: np.random.Generator) -> Kernel:
    """Draw the last filter."""
    return sinc_kernel(_side(rng), even((math.pi / 3, math.pi), rng))


def _side(rng: np.random.Generator) -> int:
    return 2 * int(rng.integers(_SMALLEST_HALF, _LARGEST_HALF + 1)) + 1


def _ellipse(sigma: Range, *, is_round: bool, rng: np.random.Generator) -> Ellipse:
    along = even(sigma, rng)
    if is_round:
        return Ellipse(along, along)
    return Ellipse(along, even(sigma, rng), even((-math.pi, math.pi), rng))


def _beta(span: Range, rng: np.random.Generator) -> float:
    """Draw an exponent, as likely below 1 as above."""
    lowest, highest = span
    return even((lowest, 1.0), rng) if happens(0.5, rng) else even((1.0, highest), rng)
