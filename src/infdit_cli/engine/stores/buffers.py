"""Host memory for copies, cut from few large allocations."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from infdit_cli.engine.stores.free_list import FreeList, Room
from infdit_cli.plan import SLAB_BYTES

# Pinning takes milliseconds a call, and torch rounds a pinned allocation up to a power of two: 5 MiB, the
# K/V of a block of the released model in one layer, would take 8. A slab holds many and wastes its end.
SMALLEST_SLAB_BYTES = 1 << 20

Buffer = Room[Tensor]


class BufferPool:
    """Buffers of host memory, used again as soon as they are given back.

    Args:
        allocate: Makes that many bytes, ``[num_bytes]`` uint8.
    """

    def __init__(self, allocate: Callable[[int], Tensor]) -> None:
        self._allocate = allocate
        self._free: FreeList[Tensor] = FreeList()
        self._slab = torch.empty(0, dtype=torch.uint8)
        self._allocated_bytes = 0

    def take(self, num_bytes: int) -> Buffer:
        """Return a buffer of at least ``num_bytes``."""
        return self._free.take(num_bytes) or self._cut(num_bytes)

    def give(self, buffer: Buffer) -> None:
        """Take back a buffer that no copy reads or writes any more."""
        self._free.give(buffer)

    def _cut(self, num_bytes: int) -> Buffer:
        if len(self._slab) < num_bytes:
            self._slab = self._allocate(_slab_bytes(num_bytes, self._allocated_bytes))
            self._allocated_bytes += len(self._slab)
        piece, self._slab = self._slab[:num_bytes], self._slab[num_bytes:]
        return Buffer(num_bytes, piece)


def _slab_bytes(needed: int, allocated: int) -> int:
    """As much again as there is, so that small runs pin little, in powers of two."""
    wanted = min(max(allocated, SMALLEST_SLAB_BYTES), SLAB_BYTES)
    return 1 << (max(needed, wanted) - 1).bit_length()
