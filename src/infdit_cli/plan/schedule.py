"""Orders of visits. Any order that keeps the two edges of UniBA gives the same picture.

Visit ``(e, b)`` needs ``(e, left, top and left-top of b)`` and ``(e - 1, b)``, nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from infdit_cli.config import VisitOrder
from infdit_cli.geometry import Rect, Size
from infdit_cli.plan.workload import Layout


class Visit(NamedTuple):
    """One super-block at one evaluation.

    Args:
        evaluation: Counted from 0.
        blocks: The super-block, as a rectangle of the block grid.
    """

    evaluation: int
    blocks: Rect


def super_blocks(grid: Size, super_block: Size) -> Iterator[Rect]:
    """Cover ``grid`` once with super-blocks, smaller at the far edges, in raster order."""
    for top in range(0, grid.height, super_block.height):
        for left in range(0, grid.width, super_block.width):
            yield Rect(top, left, top + super_block.height, left + super_block.width).within(grid)


def legs(
    grid: Size, super_block: Size, *, num_evaluations: int, order: VisitOrder
) -> Iterator[tuple[Visit, ...]]:
    """Yield the visits of a picture in legs: between two of them there is least to be remembered.

    In block-major order a leg is a row of super-blocks: nothing of a block is on the way then, and only
    the K/V of one row of blocks are still read. In step-major order it is a sweep: no K/V are still read.
    With one evaluation both orders are the same.

    Args:
        grid: Blocks down and across the picture.
        super_block: Blocks down and across a super-block.
        num_evaluations: Denoiser calls a block.
        order: ``step`` sweeps the picture once an evaluation; ``block`` finishes a super-block first.
    """
    if order == "step" and num_evaluations > 1:
        for evaluation in range(num_evaluations):
            yield tuple(Visit(evaluation, blocks) for blocks in super_blocks(grid, super_block))
    else:
        for _, row in groupby(super_blocks(grid, super_block), key=lambda blocks: blocks.top):
            yield tuple(Visit(evaluation, blocks) for blocks in row for evaluation in range(num_evaluations))


def num_legs(grid: Size, layout: Layout, *, num_evaluations: int) -> int:
    """Return how many legs the visits of a picture have; each has the same number of visits."""
    if layout.order == "step" and num_evaluations > 1:
        return num_evaluations
    return grid.ceil_div_by(layout.super_block).height
