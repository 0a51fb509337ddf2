"""The processor: its name, its instructions, and how much of it this process may use."""

from __future__ import annotations

import os
import platform
import sys
from pathlib import Path

from infdit_cli.machine.procfs import read_lines

# x86: flags; Arm: Features.
_FLAG_LINES = ("flags", "Features")


def usable_cores() -> int:
    """Return how many logical cores this process may run on."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def num_cores() -> int:
    """Return how many cores this process may use, hyper-threads not counted."""
    import psutil  # noqa: PLC0415 - this module is needed at every start, which must not wait for it

    return min(usable_cores(), psutil.cpu_count(logical=False) or usable_cores())


def cpu_name(root: Path = Path("/")) -> str:
    """Return what the processor calls itself, or at least its kind."""
    return _field("model name", root) or platform.processor() or platform.machine()


def cpu_flags(root: Path = Path("/")) -> frozenset[str]:
    """Return the instruction sets that Linux knows it has; nothing elsewhere."""
    return frozenset(flag for name in _FLAG_LINES for flag in _field(name, root).split())


def _field(name: str, root: Path) -> str:
    """Return the first value of a field of ``/proc/cpuinfo``."""
    pairs = (line.partition(":") for line in read_lines(root / "proc/cpuinfo"))
    return next((value.strip() for key, _, value in pairs if key.strip() == name), "")
