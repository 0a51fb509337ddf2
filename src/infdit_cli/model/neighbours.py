"""What a block reads from its neighbours, and the border rule, as plain shifts of one padded grid."""

from typing import NamedTuple, Protocol

from einops import rearrange
from torch import Tensor

from infdit_cli.config import NUM_SLOTS


class KV(NamedTuple):
    """One layer's keys and values of a rectangle of n x m blocks.

    Args:
        k: Keys after norm and RoPE, before slot vectors, ``[B, n, m, H, T, D]``.
        v: Values, the same shape.
    """

    k: Tensor
    v: Tensor


class Halo(NamedTuple):
    """K/V just outside a super-block of n x m blocks; ``None`` where the picture ends.

    Args:
        above: The row of blocks above, ``[B, 1, m, H, T, D]``.
        left: The column of blocks to the left, ``[B, n, 1, H, T, D]``.
        corner: The block above and to the left, ``[B, 1, 1, H, T, D]``.
    """

    above: KV | None = None
    left: KV | None = None
    corner: KV | None = None


class BlockMemory(Protocol):
    """What a super-block reads from, and leaves to, its neighbours. Layers count from 0."""

    def halo(self, layer: int) -> Halo:
        """Return what lies outside the super-block; called before ``keep`` of the same layer."""
        ...

    def keep(self, layer: int, kv: KV) -> None:
        """Take the super-block's own K/V, all of its blocks."""
        ...


NO_HALO = Halo()


def gather_slots(own: KV, halo: Halo, slot_vectors: Tensor) -> KV:
    """Line up, for each block, the keys and values of the four blocks it attends to.

    Args:
        own: K/V of the super-block.
        halo: K/V around it.
        slot_vectors: Learned vectors added to the keys, ``[4, H, D]``.

    Returns:
        ``[B, n, m, H, 4 T, D]`` keys and values.
    """
    vectors = rearrange(slot_vectors, "slot h d -> h slot 1 d")
    keys, values = _slots(own, halo, 0).add_(vectors), _slots(own, halo, 1)
    return KV(keys.flatten(4, 5), values.flatten(4, 5))


def in_rows(own: KV, halo: Halo, rows: slice) -> tuple[KV, Halo]:
    """Return some rows of a super-block as a super-block of their own: the row above them becomes halo."""
    part = _rows(own, rows)
    left = halo.left and _rows(halo.left, rows)
    if rows.start == 0:
        return part, Halo(halo.above, left, halo.corner)
    row_above = slice(rows.start - 1, rows.start)
    return part, Halo(_rows(own, row_above), left, halo.left and _rows(halo.left, row_above))


def _rows(kv: KV, rows: slice) -> KV:
    return KV(kv.k[:, rows], kv.v[:, rows])


def _slots(own: KV, halo: Halo, part: int) -> Tensor:
    """Copy, for each block, the four that it reads, ``[B, n, m, H, 4, T, D]``.

    Args:
        own: K/V of the super-block.
        halo: K/V around it; where it is ``None`` the nearest existing block stands in.
        part: 0 for the keys, 1 for the values.

    Parity: a missing neighbour is replaced, never skipped (index -1 becomes 0). The order of the four is that
    of the original's whole-image mode; its block-by-block mode has another (docs/parity.md).
    """
    grid = own[part]
    above = halo.above[part] if halo.above else grid[:, :1]
    at_left = halo.left[part] if halo.left else grid[:, :, :1]
    slots = grid.new_empty((*grid.shape[:4], NUM_SLOTS, *grid.shape[4:]))
    itself, left_top, left, top = (slots.select(4, slot) for slot in range(NUM_SLOTS))
    itself.copy_(grid)
    _put(top[:, :1], above)
    _put(top[:, 1:], grid[:, :-1])
    _put(left[:, :, :1], at_left)
    _put(left[:, :, 1:], grid[:, :, :-1])
    # The left-top neighbour is the one on top of the left neighbour.
    _put(left_top[:, :1, :1], _corner(grid, halo, part))
    _put(left_top[:, 1:, :1], at_left[:, :-1])
    _put(left_top[:, :1, 1:], above[:, :, :-1])
    _put(left_top[:, 1:, 1:], grid[:, :-1, :-1])
    return slots


def _put(place: Tensor, blocks: Tensor) -> None:
    """Copy blocks to their place; of one row or column there are none that lie further in.

    Where gradients are wanted, torch takes an empty part of what was written to for a leaf, and refuses it.
    """
    if place.numel():
        place.copy_(blocks)


def _corner(grid: Tensor, halo: Halo, part: int) -> Tensor:
    """Return the left-top neighbour of the first block, or the existing block nearest to it."""
    if halo.corner:
        return halo.corner[part]
    if halo.left:
        return halo.left[part][:, :1]
    return (halo.above[part] if halo.above else grid[:, :1])[:, :, :1]
