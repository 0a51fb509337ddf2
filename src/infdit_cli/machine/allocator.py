"""How the C library treats freed memory: what it keeps counts as ours. Only glibc has these settings."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable

# malloc.h of glibc
_M_TRIM_THRESHOLD = -1
_M_MMAP_THRESHOLD = -3
_M_ARENA_MAX = -8

# Smaller, and asking the system each time costs a third of a picture's time; with glibc's own threshold,
# which grows up to 32 MiB, peaks creep up with the length of a run (docs/architecture.md).
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
