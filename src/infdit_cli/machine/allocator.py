"""How the C library and torch treat memory: what is freed and kept counts as ours. Linux only."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable

# malloc.h of glibc
_M_TRIM_THRESHOLD = -1
_M_MMAP_THRESHOLD = -3
_M_ARENA_MAX = -8

# Smaller, and asking the system each time costs a third of a picture's time; with glibc's own threshold,
# which grows up to 32 MiB, peaks creep up with the length of a run (docs/performance.md).
_LARGE_BYTES = 8 << 20


def share_one_arena() -> None:
    """Keep glibc from reserving 64 MiB of address space for each thread, 440 MB on two cores.

    All of it counts against ``ulimit -v``, nearly none is used, and what fails then is a library's
    own allocation in some later thread.
    """
    _set(_M_ARENA_MAX, 1)


def return_large_blocks() -> None:
    """Have large blocks of memory handed back to the system as soon as they are freed, in long runs, too."""
    _set(_M_MMAP_THRESHOLD, _LARGE_BYTES)
    _set(_M_TRIM_THRESHOLD, _LARGE_BYTES)


def ask_for_huge_pages() -> None:
    """Have torch ask for pages of 2 MiB for tensors of that size and more; to be called before its import.

    Large tensors come and go, and the system clears each page anew: a picture of 2048x2048 has a quarter of
    the page faults (docs/performance.md).
    """
    os.environ.setdefault("THP_MEM_ALLOC_ENABLE", "1")


def give_back_freed() -> None:
    """Hand back all that was freed, small blocks, too."""
    trim = _glibc("malloc_trim")
    if trim is not None:
        trim(0)


def _set(parameter: int, value: int) -> None:
    mallopt = _glibc("mallopt")
    if mallopt is not None:
        mallopt(parameter, value)


def _glibc(name: str) -> Callable[..., int] | None:
    """Return a function of the C library; ``None`` where it has none of that name, as musl."""
    if sys.platform != "linux":
        return None
    return getattr(ctypes.CDLL(None), name, None)
