"""Bicubic resizing of windows, equal to the same part of the whole picture's."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor

from infdit_cli.engine.picture import PaddedPicture
from infdit_cli.geometry import Rect
from infdit_cli.model import upsample

# Pixels of the coarser of both grids that can influence a pixel: two for the kernel, one for its centre.
REACH_PX = 3


def reduced(pixels: Tensor, factor: int) -> Tensor:
    """Shrink ``[B, C, h, w]`` by ``factor``, bicubic with antialiasing, not clipped; to at least 1x1.

    Parity: what the original does at scale 2 to get the picture for cross attention and image tower;
    it slightly leaves [-1, 1].
    """
    if factor == 1:
        return pixels
    size = [max(1, side // factor) for side in pixels.shape[2:]]
    return F.interpolate(pixels, size=size, mode="bicubic", antialias=True, align_corners=False)


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
