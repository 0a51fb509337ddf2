"""Limits that the shell or a batch system puts on this process: ``ulimit -v`` and ``ulimit -d``."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from infdit_cli.machine.cpu import usable_cores
from infdit_cli.machine.procfs import read_status
from infdit_cli.memory import DeviceMemory

if sys.platform != "win32":
    import resource

# glibc's stack for a thread where `ulimit -s` is unlimited.
_STACK_BYTES = 8 << 20
# Beside one a core: libvips's workers, its two writers, and our own thread that waits for them.
_MORE_THREADS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Ulimit:
    """One limit and how much of it is used.

    Args:
        flag: The shell's letter: ``-v`` is address space, ``-d`` writable memory.
        limit_bytes: The limit.
        used_bytes: What this process has of it.
    """

    flag: str
    limit_bytes: int
    used_bytes: int

    def as_memory(self) -> DeviceMemory:
        """Return it as memory; the stacks of threads that will still start are not free."""
        left = self.limit_bytes - self.used_bytes - stacks_bytes()
        return DeviceMemory(total_bytes=self.limit_bytes, free_bytes=max(0, left), source="ulimit")


def ulimits(
    root: Path = Path("/"), limit_of: Callable[[int], int | None] | None = None
) -> tuple[Ulimit, ...]:
    """Return the limits that are set, on Linux; macOS does not enforce them, Windows has none.

    Args:
        root: Where ``/proc`` is.
        limit_of: Gives the bytes behind a number of ``resource``; ``None`` asks the system.
    """
    if sys.platform != "linux":
        return ()
    limit_of = limit_of or _limit_of
    status = read_status(root)
    kinds = (("-v", resource.RLIMIT_AS, "VmSize"), ("-d", resource.RLIMIT_DATA, "VmData"))
    limits = ((flag, limit_of(number), status.get(field, 0)) for flag, number, field in kinds)
    return tuple(
        Ulimit(flag=flag, limit_bytes=limit, used_bytes=used)
        for flag, limit, used in limits
        if limit is not None
    )


def how_to_raise() -> str | None:
    """Return what to type where a limit may be why memory ran out; ``None`` if there is no limit."""
    named = " and ".join(f"ulimit {each.flag} ({each.limit_bytes // 1024:,} KiB)" for each in ulimits())
    return f"raise {named}" if named else None


def stacks_bytes() -> int:
    """Return the address space for the stacks of all threads that computing and encoding start."""
    stack = _STACK_BYTES
    if sys.platform != "win32":
        stack = _limit_of(resource.RLIMIT_STACK) or stack
    return stack * (usable_cores() + _MORE_THREADS)


def _limit_of(number: int) -> int | None:
    if sys.platform == "win32":
        return None
    soft, _ = resource.getrlimit(number)
    return None if soft == resource.RLIM_INFINITY else soft
