"""From a clean picture to a small damaged one: the stages in their order."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from infdit_cli.degradation import draw
from infdit_cli.degradation.recipe import MILD, Recipe, Round
from infdit_cli.degradation.stages import (
    Picture,
    blurred,
    compressed,
    from_levels,
    gaussian_noise,
    poisson_noise,
    resized,
    to_levels,
)
from infdit_cli.geometry import Size


def degrade(
    pixels: NDArray[np.uint8], scale: int, rng: np.random.Generator, recipe: Recipe = MILD
) -> NDArray[np.uint8]:
    """Return a small, damaged version of a picture, every pixel's centre where it was.

    Two rounds of blur, resizing, noise and JPEG. In the second one the picture gets its last size and a
    sinc filter, before or after JPEG (Real-ESRGAN, arXiv 2107.10833, section 3).

    Args:
        pixels: ``[H, W, 3]``.
        scale: How many times smaller the result is; sides that are no multiple are rounded down.
        rng: All chance. The same state gives the same picture with one build of numpy and libjpeg.
        recipe: How strong the damages are.

    Returns:
        ``[H // scale, W // scale, 3]``.
    """
    size = Size(*pixels.shape[:2])
    small = Size(max(1, size.height // scale), max(1, size.width // scale))
    picture = _round(from_levels(pixels), size, recipe.first, rng)
    picture = _jpeg(picture, recipe.first, rng)
    picture = _round(picture, small, recipe.second, rng)
    for stage in _last_stages(small, recipe, rng):
        picture = stage(picture)
    return to_levels(picture)


def _round(picture: Picture, size: Size, strength: Round, rng: np.random.Generator) -> Picture:
    """Blur, resize to about ``size`` and disturb."""
    if draw.happens(strength.blur_probability, rng):
        picture = blurred(picture, draw.blur_kernel(strength, rng))
    factor = draw.factor(strength, rng)
    about = Size(max(1, int(size.height * factor)), max(1, int(size.width * factor)))
    return _noisy(resized(picture, about, draw.interpolation(rng)), strength, rng)


def _noisy(picture: Picture, strength: Round, rng: np.random.Generator) -> Picture:
    is_gaussian = draw.happens(strength.gaussian_probability, rng)
    is_grey = draw.happens(strength.grey_probability, rng)
    if is_gaussian:
        return gaussian_noise(picture, draw.even(strength.gaussian_sigma, rng), rng, grey=is_grey)
    return poisson_noise(picture, draw.even(strength.poisson_scale, rng), rng, grey=is_grey)


def _jpeg(picture: Picture, strength: Round, rng: np.random.Generator) -> Picture:
    return compressed(picture, round(draw.even(strength.jpeg_quality, rng)))


def _last_stages(small: Size, recipe: Recipe, rng: np.random.Generator) -> list[Callable[[Picture], Picture]]:
    """Return the last JPEG, and the last size with its filter, in either order."""

    def jpeg(picture: Picture) -> Picture:
        return _jpeg(picture, recipe.second, rng)

    def last_size(picture: Picture) -> Picture:
        picture = resized(picture, small, draw.interpolation(rng))
        return blurred(picture, draw.last_sinc(rng)) if has_sinc else picture

    has_sinc = draw.happens(recipe.last_sinc_probability, rng)
    return [last_size, jpeg] if draw.happens(0.5, rng) else [jpeg, last_size]
