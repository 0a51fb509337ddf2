"""A file that is mapped into this process's memory: what was read of it counts as ours until it is let go."""

from __future__ import annotations

import ctypes
import mmap
import os
import sys
from pathlib import Path

from infdit_cli.machine.procfs import read_lines

# Below, what lies in memory twice is not worth a look at the process's map of memory.
LARGE_BYTES = 32 << 20


class MappedFile:
    """Where a file lies in memory. Only Linux tells; elsewhere nothing is let go.

    Args:
        path: The file, which is there; ``None`` for what lies in none.
        root: Where ``/proc`` is.

    Attributes:
        let_go_bytes: What was taken out of memory.
    """

    def __init__(self, path: Path | None, root: Path = Path("/")) -> None:
        is_large = path is not None and path.stat().st_size >= LARGE_BYTES
        self._regions = _regions(path, root) if path and is_large and sys.platform == "linux" else []
        self.let_go_bytes = 0

    def let_go(self, address: int, num_bytes: int) -> None:
        """Take a range out of memory, as far as whole pages of the file lie there.

        What is read there again comes from the file, so nothing may have been written there. Other memory is
        left alone: its contents would be lost.
        """
        first = -(-address // mmap.PAGESIZE) * mmap.PAGESIZE
        end = (address + num_bytes) // mmap.PAGESIZE * mmap.PAGESIZE
        if not any(start <= first < end <= stop for start, stop in self._regions):
            return
        madvise = ctypes.CDLL(None).madvise
        if madvise(ctypes.c_void_p(first), ctypes.c_size_t(end - first), mmap.MADV_DONTNEED) == 0:
            self.let_go_bytes += end - first


def _regions(path: Path, root: Path) -> list[tuple[int, int]]:
    """Return the first address of each region of a file, and the one behind its last."""
    real = os.path.realpath(path)
    # Addresses, rights, offset, device, inode and, where there is one, the file.
    fields = (line.split(maxsplit=5) for line in read_lines(root / "proc/self/maps"))
    addresses = (each[0].split("-") for each in fields if each[5:] == [real])
    return [(int(start, 16), int(stop, 16)) for start, stop in addresses]
