"""The damages, one function each: float32 ``[H, W, 3]`` on [0, 1], in between also a little beyond."""

from __future__ import annotations

import io
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.signal import fftconvolve

from infdit_cli.degradation.kernels import Kernel
from infdit_cli.geometry import Size

Picture = NDArray[np.float32]
Interpolation = Literal["area", "bilinear", "bicubic"]

_LEVELS = 255
_POINTWISE = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}
# What a grey picture keeps of red, green and blue (BT.601).
_GREY = np.array([0.299, 0.587, 0.114], np.float32)


def blurred(picture: Picture, kernel: Kernel) -> Picture:
    """Return the picture under a kernel; beyond its edges it is mirrored."""
    reach = len(kernel) // 2
    padded = np.pad(picture, ((reach, reach), (reach, reach), (0, 0)), mode="reflect")
    # Our kernels look the same turned by half a circle, so convolution and correlation are one.
    weights = kernel.astype(np.float32)[:, :, None]
    result: Picture = fftconvolve(padded, weights, mode="valid", axes=(0, 1))
    return result


def resized(picture: Picture, size: Size, interpolation: Interpolation) -> Picture:
    """Return the picture at another size, its pixels' centres in place.

    Args:
        picture: What to resize.
        size: Pixels to make.
        interpolation: ``area`` averages what a pixel covers. The others look at the nearest two or four
            pixels a side however much they shrink, as many programs do, so that fine patterns alias; cubic
            convolution with Pillow's a = -1, where the original has -0.75.
    """
    if Size(*picture.shape[:2]) == size:
        return picture
    channels = [_channel_resized(picture[:, :, each], size, interpolation) for each in range(3)]
    return np.stack(channels, axis=2)


def _channel_resized(
    channel: NDArray[np.float32], size: Size, interpolation: Interpolation
) -> NDArray[np.float32]:
    image = Image.fromarray(np.ascontiguousarray(channel))
    shape = size.width, size.height
    if interpolation == "area":
        return np.asarray(image.resize(shape, Image.Resampling.BOX))
    # Pillow's resize() would blend all that a pixel covers; its transform() looks at points.
    matrix = (image.width / size.width, 0, 0, 0, image.height / size.height, 0)
    pointwise = image.transform(shape, Image.Transform.AFFINE, matrix, _POINTWISE[interpolation])
    return np.asarray(pointwise)


def gaussian_noise(picture: Picture, sigma: float, rng: np.random.Generator, *, grey: bool) -> Picture:
    """Add Gaussian noise.

    Args:
        picture: What to disturb.
        sigma: Standard deviation in levels of 255.
        rng: Chance.
        grey: Whether all channels get the same.
    """
    shape = (*picture.shape[:2], 1 if grey else 3)
    noise = rng.standard_normal(shape, dtype=np.float32)
    return _clipped(picture + noise * np.float32(sigma / _LEVELS))


def poisson_noise(picture: Picture, scale: float, rng: np.random.Generator, *, grey: bool) -> Picture:
    """Add shot noise, which grows with the square root of brightness.

    The original counts the distinct levels of the picture for photons. Photographs have all 256; a flat
    picture of few levels would drown, so 256 are assumed of all.

    Args:
        picture: What to disturb.
        scale: 1 is the noise of 256 photons at white.
        rng: Chance.
        grey: Whether all channels get the same: that of the grey picture.
    """
    light = _clipped(picture)
    if grey:
        light = (light @ _GREY)[:, :, None]
    photons = light * np.float32(_LEVELS + 1)
    noise = (rng.poisson(photons) - photons) / np.float32(_LEVELS + 1)
    return _clipped(picture + noise.astype(np.float32) * np.float32(scale))


def compressed(picture: Picture, quality: int) -> Picture:
    """Return what is left after JPEG at ``quality``, with colours at half the resolution."""
    file = io.BytesIO()
    Image.fromarray(to_levels(picture)).save(file, "JPEG", quality=quality, subsampling="4:2:0")
    with Image.open(file) as image:
        return from_levels(np.asarray(image))


def to_levels(picture: Picture) -> NDArray[np.uint8]:
    """Return the picture in 8 bits, rounded and clipped."""
    return np.rint(_clipped(picture) * _LEVELS).astype(np.uint8)


def from_levels(pixels: NDArray[np.uint8]) -> Picture:
    """Return 8 bits on [0, 1]."""
    return np.divide(pixels, _LEVELS, dtype=np.float32)


def _clipped(picture: Picture) -> Picture:
    return np.clip(picture, 0, 1)
