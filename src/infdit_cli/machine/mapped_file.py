"""A file that is mapped into this process's memory: what was read of it counts as ours until it is let go."""

from __future__ import annotations

import ctypes
import mmap
import os
import sys
from pathlib import Path

import psutil

# From here on what is read twice is worth a look at the process's map of memory, some milliseconds.
LARGE_BYTES = 32 << 20


class MappedFile:
    """Where a file lies in memory. Only Linux tells; elsewhere nothing is let go.

    Args:
        path: The file; ``None`` for what lies in none.
    """

    def __init__(self, path: Path | None) -> None:
        self._regions = _regions(path) if path and _is_large(path) and sys.platform == "linux" else []
        self.let_go_bytes = 0

    def let_go(self, address: int, num_bytes: int) -> None:
        """Take a range out of memory, as far as whole pages of the file lie there.

        What is read there again comes from the file. Other memory is left alone: its contents would be lost.
        """
        first = -(-address // mmap.PAGESIZE) * mmap.PAGESIZE
        end = (address + num_bytes) // mmap.PAGESIZE * mmap.PAGESIZE
        if first < end and any(start <= first and end <= stop for start, stop in self._regions):
            ctypes.CDLL(None).madvise(
                ctypes.c_void_p(first), ctypes.c_size_t(end - first), mmap.MADV_DONTNEED
            )
            self.let_go_bytes += end - first


def _is_large(path: Path) -> bool:
    return path.stat().st_size >= LARGE_BYTES


def _regions(path: Path) -> list[tuple[int, int]]:
    """Return the first address of each region of a file, and the one behind its last."""
    real = os.path.realpath(path)
    mapped = psutil.Process().memory_maps(grouped=False)
    addresses = (each.addr.split("-") for each in mapped if each.path == real)
    return [(int(start, 16), int(stop, 16)) for start, stop in addresses]
