"""Where finished pixels of a pass go."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from torch import Tensor

from infdit_cli.engine import Sink
from infdit_cli.geometry import Rect, Size
from infdit_cli.tiles import Spool

# Takes finished pixels: where they are in the output, and [1, 3, h, w] on about [-1, 1].
Paint = Callable[[Rect, Tensor], None]


class PassOutput(NamedTuple):
    """The picture that a pass makes.

    Args:
        spool: Where its pixels are, open.
        paint: Puts finished parts there.
    """

    spool: Spool
    paint: Paint


def cropping(paint: Paint, size: Size, block_px: int) -> Sink:
    """Return a sink that cuts off what blocks reach beyond a picture of ``size``, and paints the rest."""

    def sink(blocks: Rect, image: Tensor) -> None:
        rect = blocks.scaled(block_px).within(size)
        paint(rect, image[:, :, : rect.size.height, : rect.size.width])

    return sink
