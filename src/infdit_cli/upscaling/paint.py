"""Where finished pixels of a stage go, and what they are turned into on the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from torch import Tensor

from infdit_cli.engine import Sink
from infdit_cli.geometry import Rect, Size
from infdit_cli.images import Pixels, from_model
from infdit_cli.tiles import PixelFormat, Spool

# Takes finished pixels: where they are in the output, and [1, 3, h, w] on about [-1, 1].
Paint = Callable[[Rect, Tensor], None]
# Returns a part of the output's alpha channel, [h, w].
AlphaOf = Callable[[Rect], Pixels]


class StageOutput(NamedTuple):
    """The picture that a stage makes.

    Args:
        spool: Where its pixels are, open.
        paint: Puts finished parts there.
    """

    spool: Spool
    paint: Paint


def painting(spool: Spool, alpha: AlphaOf | None) -> Paint:
    """Return what writes the output's pixels to ``spool``: integers, and what ``alpha`` says of them."""
    pixel_format = spool.pixel_format

    def paint(rect: Rect, image: Tensor) -> None:
        pixels = _integers(_grey(image[0]) if pixel_format.grey else image[0], pixel_format)
        if alpha is not None:
            pixels = np.concatenate((pixels, alpha(rect)[..., None]), axis=2)
        spool.write(rect, pixels)

    return paint


def painting_alpha(spool: Spool) -> Paint:
    """Return what writes an alpha channel to ``spool``, which was enlarged as a grey picture."""
    return lambda rect, image: spool.write(rect, _integers(_grey(image[0]), spool.pixel_format))


def keeping(spool: Spool) -> Paint:
    """Return what writes pixels to ``spool`` as they are: floats."""

    def paint(rect: Rect, image: Tensor) -> None:
        spool.write(rect, image[0].float().permute(1, 2, 0).cpu().numpy())

    return paint


def cropping(paint: Paint, size: Size, block_px: int) -> Sink:
    """Return a sink that cuts off what blocks reach beyond a picture of ``size``, and paints the rest."""

    def sink(blocks: Rect, image: Tensor) -> None:
        rect = blocks.scaled(block_px).within(size)
        paint(rect, image[:, :, : rect.size.height, : rect.size.width])

    return sink


def _grey(channels: Tensor) -> Tensor:
    """Return the mean of ``[c, h, w]``, ``[1, h, w]`` in float32."""
    return channels.float().mean(dim=0, keepdim=True)


def _integers(channels: Tensor, pixel_format: PixelFormat) -> Pixels:
    """Return ``[c, h, w]`` as ``[h, w, c]``."""
    return from_model(channels.float().cpu().numpy(), pixel_format.dtype)
