"""Orders of visits. Any order that keeps the two edges of UniBA gives the same picture.

Visit ``(e, b)`` needs ``(e, left, top and left-top of b)`` and ``(e - 1, b)``, nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from infdit_cli.config import VisitOrder
from infdit_cli.geometry import Rect, Size


class Visit(NamedTuple):
    """One super-block at one evaluation.

    Args:
        evaluation: Counted from 0.
        blocks: The super-block, as a rectangle of the block grid.
    """

    evaluation: int
    blocks: Rect


def super_blocks(grid: Size, batch: Size) -> Iterator[Rect]:
    """Cover ``grid`` once with rectangles of ``batch`` blocks, smaller at the far edges, in raster order."""
    for top in range(0, grid.height, batch.height):
        for left in range(0, grid.width, batch.width):
            yield Rect(top, left, top + batch.height, left + batch.width).within(grid)


def visits(grid: Size, batch: Size, *, num_evaluations: int, order: VisitOrder) -> Iterator[Visit]:
    """Yield every visit of a picture.

    Args:
        grid: Blocks down and across the picture.
        batch: Blocks down and across a super-block.
        num_evaluations: Denoiser calls a block.
        order: ``step`` sweeps the picture once an evaluation; ``block`` finishes a super-block first.
    """
    if order == "step":
        for evaluation in range(num_evaluations):
            for blocks in super_blocks(grid, batch):
                yield Visit(evaluation, blocks)
    else:
        for blocks in super_blocks(grid, batch):
            for evaluation in range(num_evaluations):
                yield Visit(evaluation, blocks)
