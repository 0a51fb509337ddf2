"""What a block reads from its neighbours, and the border rule, as plain shifts of one padded grid."""

from typing import NamedTuple, Protocol

import torch
from einops import repeat
from torch import Tensor


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
NUM_SLOTS = 4
# (row, column) of a slot's block in the padded grid, relative to the reading block's place in its own
# grid, in the order of the slot vectors: itself, left-top, left, top.
# Parity: the order of the original's whole-image mode; its one-block mode has another (parity README, 7).
_SLOT_SHIFTS = ((1, 1), (0, 0), (1, 0), (0, 1))


def gather_slots(own: KV, halo: Halo, slot_vectors: Tensor) -> KV:
    """Line up, for each block, the keys and values of the four blocks it attends to.

    Args:
        own: K/V of the super-block.
        halo: K/V around it.
        slot_vectors: Learned vectors added to the keys, ``[4, H, D]``.

    Returns:
        ``[B, n, m, H, 4 T, D]`` keys and values.
    """
    vectors = repeat(slot_vectors, "slot h d -> h (slot t) d", t=own.k.shape[-2])
    keys = torch.cat(_slots(pad(own, halo, 0)), dim=-2).add_(vectors)
    return KV(keys, torch.cat(_slots(pad(own, halo, 1)), dim=-2))


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


def pad(own: KV, halo: Halo, part: int) -> Tensor:
    """Put one row of blocks on top of the grid and one column at its left.

    Args:
        own: K/V of the super-block.
        halo: K/V around it; where it is ``None`` the nearest existing block stands in.
        part: 0 for the keys, 1 for the values.

    Returns:
        ``[B, n + 1, m + 1, H, T, D]``.

    Parity: a missing neighbour is replaced, never skipped (index -1 becomes 0).
    """
    grid = own[part]
    above = halo.above[part] if halo.above else grid[:, :1]
    left = halo.left[part] if halo.left else grid[:, :, :1]
    top = torch.cat((_corner(grid, halo, part), above), dim=2)
    return torch.cat((top, torch.cat((left, grid), dim=2)), dim=1)


def _corner(grid: Tensor, halo: Halo, part: int) -> Tensor:
    """Return the left-top neighbour of the first block, or the existing block nearest to it."""
    if halo.corner:
        return halo.corner[part]
    if halo.left:
        return halo.left[part][:, :1]
    return (halo.above[part] if halo.above else grid[:, :1])[:, :, :1]


def _slots(padded: Tensor) -> list[Tensor]:
    """Return the four shifted views of a padded grid, ``[B, n, m, H, T, D]`` each."""
    n, m = padded.shape[1] - 1, padded.shape[2] - 1
    return [padded[:, row : row + n, col : col + m] for row, col in _SLOT_SHIFTS]
