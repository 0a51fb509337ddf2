"""Orders of visits. Any order that keeps the two edges of UniBA gives the same picture.

Visit ``(e, b)`` needs ``(e, left, top and left-top of b)`` and ``(e - 1, b)``, nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, islice
from typing import NamedTuple

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


@dataclass(frozen=True, slots=True)
class Walk:
    """Every visit of a picture, in the order of a layout.

    Args:
        grid: Blocks down and across the picture.
        layout: ``step`` sweeps the picture once an evaluation; ``block`` finishes a super-block first.
        num_evaluations: Denoiser calls a block; where the base alone makes the picture there are none, and
            each block is visited all the same.
    """

    grid: Size
    layout: Layout
    num_evaluations: int

    @property
    def num_visits(self) -> int:
        """Visits of the whole picture."""
        return self._super_blocks.area * self._visits_a_block

    @property
    def num_sweeps(self) -> int:
        """How often the picture is gone over from its first row to its last."""
        return self._visits_a_block if self.layout.order == "step" else 1

    @property
    def num_legs(self) -> int:
        """Legs of the whole picture; each has the same number of visits."""
        return self.num_sweeps if self.num_sweeps > 1 else self._super_blocks.height

    def legs(self, *, after: int = 0) -> Iterator[tuple[Visit, ...]]:
        """Yield the visits in legs: between two of them there is least to be remembered.

        In block-major order a leg is a row of super-blocks: nothing of a block is on the way then, and only
        the K/V of one row of blocks are still read. In step-major order it is a sweep: no K/V are still read.
        With one evaluation both orders are the same.

        Args:
            after: Legs that are left out, being done already.
        """
        return islice(self._sweeps() if self.num_sweeps > 1 else self._rows(), after, None)

    def _sweeps(self) -> Iterator[tuple[Visit, ...]]:
        for evaluation in range(self.num_sweeps):
            yield tuple(
                Visit(evaluation, blocks) for blocks in super_blocks(self.grid, self.layout.super_block)
            )

    def _rows(self) -> Iterator[tuple[Visit, ...]]:
        evaluations = range(self._visits_a_block)
        for _, row in groupby(
            super_blocks(self.grid, self.layout.super_block), key=lambda blocks: blocks.top
        ):
            yield tuple(Visit(evaluation, blocks) for blocks in row for evaluation in evaluations)

    @property
    def _super_blocks(self) -> Size:
        """Super-blocks down and across."""
        return self.grid.ceil_div_by(self.layout.super_block)

    @property
    def _visits_a_block(self) -> int:
        return max(self.num_evaluations, 1)
