"""How many blocks' K/V are held at once, counted from what a block is read by, without a cache."""

from itertools import pairwise

from infdit_cli.geometry import Size
from infdit_cli.plan import super_blocks


def peak_kv_blocks(grid, super_block, *, num_evaluations, order):
    """Return the most blocks held at once, over all evaluations; each holds every layer."""
    super_block = Size(min(super_block[0], grid.height), min(super_block[1], grid.width))
    rects = list(super_blocks(grid, super_block))
    resting = [_before(rect, grid) for rect in rects] + [0]
    working = [before + _left_by(rect, grid) for before, rect in zip(resting, rects, strict=False)]
    if order == "step":
        return max(working)
    # The evaluations before this one are past the super-block, those after it are not.
    waiting = [max(pair) for pair in pairwise(resting)]
    return max(now + (num_evaluations - 1) * rest for now, rest in zip(working, waiting, strict=True))


def _before(rect, grid):
    """Blocks held when a super-block starts."""
    above = grid.width - rect.left + bool(rect.left) if rect.top else 0
    done = rect.left if rect.bottom < grid.height else 0
    beside = rect.size.height - (rect.bottom < grid.height) if rect.left else 0
    return above + done + beside


def _left_by(rect, grid):
    """Blocks of a super-block that later ones read: its last row and its last column, as far as needed."""
    below, right = rect.bottom < grid.height, rect.right < grid.width
    return rect.size.width * below + rect.size.height * right - (below and right)
