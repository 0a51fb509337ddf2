"""Keys and values that later blocks still read, and not one block more."""

from __future__ import annotations

from collections.abc import Iterator

import torch

from infdit_cli.geometry import BlockIndex, Rect, Size
from infdit_cli.model import KV, Halo


class KVCache:
    """K/V of the blocks of one evaluation between the moment they are computed and their last reader.

    A block is read by its right, lower and lower-right neighbours. Readers inside the same super-block
    need no cache; a block is kept only for those that come later and is dropped with the last of them.

    Args:
        grid: Blocks down and across the picture.
    """

    def __init__(self, grid: Size) -> None:
        self._grid = grid
        self._held: dict[BlockIndex, dict[int, KV]] = {}
        self._readers: dict[BlockIndex, int] = {}

    @property
    def nbytes(self) -> int:
        """Bytes of the keys and values held now."""
        return sum(kv.k.nbytes + kv.v.nbytes for layers in self._held.values() for kv in layers.values())

    @property
    def num_blocks(self) -> int:
        """Blocks held now."""
        return len(self._held)

    def window(self, blocks: Rect) -> SuperBlockMemory:
        """Return what the super-block ``blocks`` reads and leaves; ``close`` it when it is computed."""
        return SuperBlockMemory(self, blocks)

    def read(self, block: BlockIndex, layer: int) -> KV:
        """Return one block's K/V of one layer.

        Raises:
            LookupError: If it is not held: the schedule broke an edge of UniBA, which is a bug.
        """
        try:
            return self._held[block][layer]
        except KeyError as err:
            raise LookupError(f"K/V of {block} at layer {layer} is not held") from err

    def write(self, block: BlockIndex, layer: int, kv: KV, *, num_readers: int) -> None:
        """Keep one block's K/V of one layer for ``num_readers`` later blocks."""
        # A slice would keep the whole super-block's memory alive.
        self._held.setdefault(block, {})[layer] = KV(kv.k.clone(), kv.v.clone())
        self._readers[block] = num_readers

    def release(self, blocks: Rect) -> None:
        """Note that ``blocks`` are computed: what only they still read is dropped."""
        for block in blocks.blocks():
            for source in _neighbours(block, (-1, -1), (-1, 0), (0, -1)):
                if source in self._readers and not _inside(source, blocks):
                    self._readers[source] -= 1
                    if self._readers[source] == 0:
                        del self._readers[source], self._held[source]

    def later_readers(self, block: BlockIndex, blocks: Rect) -> int:
        """Count the existing neighbours outside ``blocks`` that will read ``block``."""
        readers = _neighbours(block, (0, 1), (1, 0), (1, 1))
        return sum(
            reader.row < self._grid.height and reader.col < self._grid.width and not _inside(reader, blocks)
            for reader in readers
        )


class SuperBlockMemory:
    """The cache as one super-block sees it; a ``model.BlockMemory``."""

    def __init__(self, cache: KVCache, blocks: Rect) -> None:
        self._cache = cache
        self._blocks = blocks
        self._outgoing = {
            block: readers for block in blocks.blocks() if (readers := cache.later_readers(block, blocks))
        }

    def halo(self, layer: int) -> Halo:
        """Return K/V of the row above, the column to the left and the corner, where they exist."""
        top, left, bottom, right = self._blocks
        has_above, has_left = top > 0, left > 0
        return Halo(
            above=self._row(layer, Rect(top - 1, left, top, right)) if has_above else None,
            left=self._column(layer, Rect(top, left - 1, bottom, left)) if has_left else None,
            corner=self._cache.read(BlockIndex(top - 1, left - 1), layer) if has_above and has_left else None,
        )

    def keep(self, layer: int, kv: KV) -> None:
        """Leave what later super-blocks will read."""
        for block, num_readers in self._outgoing.items():
            row, col = block.row - self._blocks.top, block.col - self._blocks.left
            cell = KV(*(part[:, row : row + 1, col : col + 1] for part in kv))
            self._cache.write(block, layer, cell, num_readers=num_readers)

    def close(self) -> None:
        """Say that every layer is computed."""
        self._cache.release(self._blocks)

    def _row(self, layer: int, blocks: Rect) -> KV:
        return _join([self._cache.read(block, layer) for block in blocks.blocks()], dim=2)

    def _column(self, layer: int, blocks: Rect) -> KV:
        return _join([self._cache.read(block, layer) for block in blocks.blocks()], dim=1)


def _join(parts: list[KV], *, dim: int) -> KV:
    return KV(torch.cat([kv.k for kv in parts], dim=dim), torch.cat([kv.v for kv in parts], dim=dim))


def _neighbours(block: BlockIndex, *offsets: tuple[int, int]) -> Iterator[BlockIndex]:
    for down, right in offsets:
        yield BlockIndex(block.row + down, block.col + right)


def _inside(block: BlockIndex, blocks: Rect) -> bool:
    return blocks.top <= block.row < blocks.bottom and blocks.left <= block.col < blocks.right
