"""What this process takes of the machine's memory."""

from __future__ import annotations

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
