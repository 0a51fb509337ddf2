"""Resizing of windows, equal to the same part of the whole picture's."""

from __future__ import annotations

from typing import NamedTuple, Self

import torch
import torch.nn.functional as F
from torch import Tensor

from infdit_cli.engine.picture import PaddedPicture
from infdit_cli.engine.source import PixelSource, whole
from infdit_cli.geometry import Rect, Size
from infdit_cli.model import upsample
from infdit_cli.resampling import BICUBIC, Kernel, Taps, taps

# Pixels of the coarser of both grids that can influence a pixel: two for the kernel, one for its centre.
REACH_PX = 3
# What ``lr_picture`` takes for each pixel of the picture, of 8 or 16 bits (measured: 12 to 22).
LR_PICTURE_BYTES_PER_PX = 24


def reduced(pixels: Tensor, factor: int) -> Tensor:
    """Shrink ``[B, C, h, w]`` by ``factor``, bicubic with antialiasing, not clipped; to at least 1x1.

    Parity: what the original does at scale 2 to get the picture for cross attention and image tower;
    it slightly leaves [-1, 1].
    """
    if factor == 1:
        return pixels
    size = [max(1, side // factor) for side in pixels.shape[2:]]
    return F.interpolate(pixels, size=size, mode="bicubic", antialias=True, align_corners=False)


def lr_picture(source: PixelSource, size: Size, scale: int) -> Tensor:
    """Return the whole picture as a network of ``scale`` sees it that makes ``size`` of it."""
    factor = whole_factor(source.size, size, scale)
    if factor is None:
        return whole(Resized(source, size.ceil_div(scale), BICUBIC))
    return reduced(whole(source), scale // factor)


def upsampled_window(picture: PaddedPicture, rect: Rect, factor: int) -> Tensor:
    """Return the part of the enlarged picture that covers ``rect``, given in the picture's pixels."""
    outer = rect.grown(REACH_PX).within(picture.size)
    return _part(upsample(picture.read(outer), factor), rect.relative_to(outer).scaled(factor))


def reduced_window(picture: PaddedPicture, rect: Rect, factor: int) -> Tensor:
    """Return the part ``rect`` of the shrunk picture, given in the shrunk picture's pixels."""
    if factor == 1:
        return picture.read(rect)
    outer = rect.grown(REACH_PX).scaled(factor).within(picture.size)
    inner = rect.scaled(factor).relative_to(outer)
    return _part(reduced(picture.read(outer), factor), inner.divided(factor))


def _part(image: Tensor, rect: Rect) -> Tensor:
    return image[:, :, rect.rows, rect.cols]


class Steps(NamedTuple):
    """Pixels of a picture from one pixel of the resized picture to the next."""

    down: float
    across: float

    @classmethod
    def between(cls, size: Size, resized: Size) -> Self:
        """Return the steps that make ``resized`` out of ``size``."""
        return cls(size.height / resized.height, size.width / resized.width)

    def times(self, factor: int) -> Steps:
        """Return the steps of a resized picture that is ``factor`` times as coarse."""
        return Steps(self.down * factor, self.across * factor)


def whole_factor(size: Size, resized: Size, native: int) -> int | None:
    """Return by what divisor of ``native`` ``size`` is enlarged; ``None`` if it is by none."""
    return next((f for f in range(1, native + 1) if native % f == 0 and size.scaled(f) == resized), None)


class Resized:
    """A picture at another size; only what a window needs is read and computed.

    Args:
        source: The picture.
        size: Its new size, antialiased where that is smaller.
        kernel: What blends its pixels.
    """

    def __init__(self, source: PixelSource, size: Size, kernel: Kernel) -> None:
        self.size = size
        self._source = source
        self._kernel = kernel
        self._steps = Steps.between(source.size, size)

    def read(self, rect: Rect) -> Tensor:
        """Return a part of the resized picture, ``[1, 3, h, w]``, not clipped."""
        return resized_window(self._source, rect, self._steps, self._kernel)


def resized_window(source: PixelSource, rect: Rect, steps: Steps, kernel: Kernel) -> Tensor:
    """Return the part ``rect`` of the resized picture, given in the resized picture's pixels.

    The same numbers whatever the part: each pixel is summed up in the same order from the same products.
    A matrix product, or ``interpolate`` on a window whose corner lies between two pixels, would not do.
    """
    rows = taps(source.size.height, steps.down, rect.top, rect.bottom, kernel)
    cols = taps(source.size.width, steps.across, rect.left, rect.right, kernel)
    (top, bottom), (left, right) = rows.span, cols.span
    outer = Rect(top, left, bottom, right)
    window = source.read(outer)
    return _blended(_blended(window, 2, rows, outer.top), 3, cols, outer.left)


def _blended(window: Tensor, axis: int, line: Taps, origin: int) -> Tensor:
    """Resize one axis of a window that begins at ``origin``."""
    places = torch.from_numpy(line.places - origin).to(window.device)
    weights = torch.from_numpy(line.weights).to(window.device)
    shape = list(window.shape)
    shape[axis] = len(places)
    total = window.new_zeros(shape)
    for place, weight in zip(places.T, weights.T, strict=True):
        # Not addcmul: whether it rounds once or twice may depend on the place in memory.
        total += window.index_select(axis, place).mul_(weight[:, None] if axis == 2 else weight)
    return total
