"""Where finished pixels of a pass go."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from torch import Tensor

from infdit_cli.geometry import Rect
from infdit_cli.tiles import Spool

# Takes finished pixels: where they are in the output, and [1, 3, h, w] on about [-1, 1].
Paint = Callable[[Rect, Tensor], None]


class Target(NamedTuple):
    """The picture that a pass makes.

    Args:
        spool: Where its pixels are, open.
        paint: Puts finished parts there.
    """

    spool: Spool
    paint: Paint
