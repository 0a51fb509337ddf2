"""Samples of 32 bits that Pillow keeps as they are, made 16; ``deep`` reads those that it would make 8."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.TiffImagePlugin import PHOTOMETRIC_INTERPRETATION, SAMPLEFORMAT, TiffImageFile

from infdit_cli.images.bands import bands, in_bands

_DEEPEST = 65_535
_UNSIGNED = (1,)
_WHITE_IS_ZERO = 0


class _Samples(NamedTuple):
    """What Pillow makes of a band, as what the file says it is.

    Attributes:
        unsigned: Whether integers are; Pillow takes all for signed.
        white_is_zero: Whether floats are; Pillow turns them in 8 bits and less alone.
    """

    unsigned: bool = False
    white_is_zero: bool = False

    def of(self, band: Image.Image) -> NDArray[Any]:
        values = np.asarray(band)
        return values.view(np.uint32) if self.unsigned and values.dtype == np.int32 else values

    def exact(self, band: Image.Image) -> NDArray[np.float64]:
        return np.nan_to_num(self.of(band).astype(np.float64), posinf=0.0, neginf=0.0)


def wide(image: Image.Image) -> tuple[NDArray[np.uint16], tuple[str, ...]]:
    """Return the ``[H, W, 1]`` of wide integers or floats as 16 bits, and what to tell the user.

    Integers that fit are taken as they are, floats in [0, 1] as shares of white. For anything else
    the file does not say what is white, so its range is stretched over ours.
    """
    samples = _samples_of(image)
    low, high = _range(image, samples)
    if image.mode != "F" and low >= 0 and high <= _DEEPEST:
        return in_bands(image, lambda band: samples.of(band).astype(np.uint16)), ()
    notes: tuple[str, ...] = ()
    start, span = 0.0, 1.0
    if image.mode != "F" or low < 0 or high > 1:
        start, span = low, (high - low) or 1.0
        notes = (f"values from {low:g} to {high:g} were stretched to 16 bits",)
    pixels = in_bands(
        image, lambda band: np.rint((samples.exact(band) - start) / span * _DEEPEST).astype(np.uint16)
    )
    return np.invert(pixels, out=pixels) if samples.white_is_zero else pixels, notes


def _samples_of(image: Image.Image) -> _Samples:
    if not isinstance(image, TiffImageFile):
        return _Samples()
    return _Samples(
        unsigned=image.tag_v2.get(SAMPLEFORMAT, _UNSIGNED) == _UNSIGNED,
        white_is_zero=image.tag_v2.get(PHOTOMETRIC_INTERPRETATION) == _WHITE_IS_ZERO,
    )


def _range(image: Image.Image, samples: _Samples) -> tuple[float, float]:
    ends = [(exact.min(), exact.max()) for exact in (samples.exact(band) for _, band in bands(image))]
    return float(min(low for low, _ in ends)), float(max(high for _, high in ends))
