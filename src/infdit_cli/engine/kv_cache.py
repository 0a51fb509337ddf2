"""Keys and values that later blocks still read, and not one block more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import torch

from infdit_cli.engine.held import HeldKV
from infdit_cli.engine.stores import TensorStore
from infdit_cli.geometry import BlockIndex, Rect, Size
from infdit_cli.model import KV, Halo


class KVKey(NamedTuple):
    """Address of one block's K/V of one layer, in a store that serves every evaluation."""

    evaluation: int
    block: BlockIndex
    layer: int


@dataclass(slots=True)
class _Kept:
    """One block: how many blocks will still read it, and its layers in the order of their coming."""

    num_readers: int
    layers: dict[int, None] = field(default_factory=dict)


class KVCache:
    """K/V of the blocks of one evaluation between the moment they are computed and their last reader.

    A block is read by its right, lower and lower-right neighbours. Readers inside the same super-block
    need no cache; a block is kept only for those that come later and is dropped with the last of them.

    Args:
        grid: Blocks down and across the picture.
        store: Where the K/V lie.
        evaluation: Which evaluation's they are.
    """

    def __init__(self, grid: Size, store: TensorStore[KVKey], *, evaluation: int = 0) -> None:
        self._grid = grid
        self._store = store
        self._evaluation = evaluation
        self._kept: dict[BlockIndex, _Kept] = {}

    def window(self, blocks: Rect) -> SuperBlockMemory:
        """Return what the super-block ``blocks`` reads and leaves; ``close`` it when it is computed.

        What its first layer reads is on its way from then on.
        """
        return SuperBlockMemory(self, blocks)

    def prefetch(self, blocks: Iterable[BlockIndex], layer: int) -> None:
        """Begin to fetch the blocks' K/V of one layer."""
        self._store.prefetch(self._key(block, layer) for block in blocks)

    def read(self, block: BlockIndex, layer: int) -> KV:
        """Return one block's K/V of one layer.

        Raises:
            LookupError: If it is not held: the schedule broke an edge of UniBA, which is a bug.
        """
        try:
            return KV(*self._store.get(self._key(block, layer)))
        except KeyError as err:
            raise LookupError(f"K/V of {block} at layer {layer} is not held") from err

    def write(self, block: BlockIndex, layer: int, kv: KV, *, num_readers: int) -> None:
        """Keep one block's K/V of one layer for ``num_readers`` later blocks."""
        self._store.put(self._key(block, layer), (kv.k, kv.v))
        self._kept.setdefault(block, _Kept(num_readers)).layers[layer] = None

    def release(self, blocks: Rect) -> None:
        """Note that ``blocks`` are computed: what only they still read is dropped."""
        for block in blocks.blocks():
            for source in _neighbours(block, (-1, -1), (-1, 0), (0, -1)):
                if source in self._kept and not _inside(source, blocks):
                    self._kept[source].num_readers -= 1
                    if self._kept[source].num_readers == 0:
                        self._drop(source)

    def discard(self, blocks: Rect) -> None:
        """Drop what ``blocks`` left although they are not computed to the end."""
        for block in blocks.blocks():
            if block in self._kept:
                self._drop(block)

    def later_readers(self, block: BlockIndex, blocks: Rect) -> int:
        """Count the existing neighbours outside ``blocks`` that will read ``block``."""
        readers = _neighbours(block, (0, 1), (1, 0), (1, 1))
        return sum(
            reader.row < self._grid.height and reader.col < self._grid.width and not _inside(reader, blocks)
            for reader in readers
        )

    def held(self) -> Iterator[HeldKV]:
        """Yield all K/V, each with the number of blocks that will still read it."""
        for block, kept in self._kept.items():
            for layer in kept.layers:
                yield HeldKV(self._evaluation, block, layer, kept.num_readers, self.read(block, layer))

    def restore(self, held: HeldKV) -> None:
        """Keep what another cache of the same evaluation held."""
        self.write(held.block, held.layer, held.kv, num_readers=held.num_readers)

    def _drop(self, block: BlockIndex) -> None:
        for layer in self._kept.pop(block).layers:
            self._store.drop(self._key(block, layer))

    def _key(self, block: BlockIndex, layer: int) -> KVKey:
        return KVKey(self._evaluation, block, layer)


class SuperBlockMemory:
    """The cache as one super-block sees it; a ``model.BlockMemory``."""

    def __init__(self, cache: KVCache, blocks: Rect) -> None:
        top, left, bottom, right = blocks
        self._cache = cache
        self._blocks = blocks
        self._above = [BlockIndex(top - 1, col) for col in range(left, right) if top]
        self._left = [BlockIndex(row, left - 1) for row in range(top, bottom) if left]
        self._corner = [BlockIndex(top - 1, left - 1)] if top and left else []
        self._outgoing = {
            block: readers for block in blocks.blocks() if (readers := cache.later_readers(block, blocks))
        }
        self._prefetch(0)

    def halo(self, layer: int) -> Halo:
        """Return K/V of the row above, the column to the left and the corner, where they exist.

        The next layer's are on their way from then on.
        """
        halo = Halo(
            above=self._joined(self._above, layer, dim=2),
            left=self._joined(self._left, layer, dim=1),
            corner=self._joined(self._corner, layer, dim=1),
        )
        self._prefetch(layer + 1)
        return halo

    def keep(self, layer: int, kv: KV) -> None:
        """Leave what later super-blocks will read."""
        for block, num_readers in self._outgoing.items():
            row, col = block.row - self._blocks.top, block.col - self._blocks.left
            cell = KV(*(part[:, row : row + 1, col : col + 1] for part in kv))
            self._cache.write(block, layer, cell, num_readers=num_readers)

    def close(self) -> None:
        """Say that every layer is computed."""
        self._cache.release(self._blocks)

    def _prefetch(self, layer: int) -> None:
        self._cache.prefetch((*self._above, *self._left, *self._corner), layer)

    def _joined(self, blocks: Sequence[BlockIndex], layer: int, *, dim: int) -> KV | None:
        parts = [self._cache.read(block, layer) for block in blocks]
        if len(parts) < 2:
            return parts[0] if parts else None
        return KV(torch.cat([kv.k for kv in parts], dim=dim), torch.cat([kv.v for kv in parts], dim=dim))


def _neighbours(block: BlockIndex, *offsets: tuple[int, int]) -> Iterator[BlockIndex]:
    for down, right in offsets:
        yield BlockIndex(block.row + down, block.col + right)


def _inside(block: BlockIndex, blocks: Rect) -> bool:
    return blocks.top <= block.row < blocks.bottom and blocks.left <= block.col < blocks.right
