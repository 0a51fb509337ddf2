"""What this process takes of the machine's memory."""

from __future__ import annotations

import ctypes
import sys
from pathlib import Path

import psutil

from infdit_cli.machine.procfs import read_status

if sys.platform != "win32":
    import resource


def resident_bytes() -> int:
    """Return how much of this process lies in memory now."""
    return int(psutil.Process().memory_info().rss)


def peak_resident_bytes(root: Path = Path("/")) -> int:
    """Return the most of this process that ever lay in memory.

    Linux: ``VmHWM``, because ``ru_maxrss`` is inherited through ``exec`` and may be the parent's.

    Args:
        root: Where ``/proc`` is.
    """
    status = read_status(root)
    if "VmHWM" in status:
        return status["VmHWM"]
    if sys.platform == "win32":
        return int(psutil.Process().memory_info().peak_wset)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024  # macOS counts bytes, the others KiB


def give_back_freed() -> None:
    """Hand what was freed back to the system; the C library would keep it, and it would count as ours.

    glibc only; other libraries give memory back by themselves, or cannot.
    """
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
