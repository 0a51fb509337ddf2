"""Memory of the host that this process may use: the machine's own, less what any limit takes away."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import psutil

from infdit_cli.machine.cgroup import container_limits
from infdit_cli.machine.ulimits import ulimits
from infdit_cli.memory import DeviceMemory


def host_memory() -> DeviceMemory:
    """Return what this process may use of the host's memory.

    Raises:
        OSError: If the system does not tell how much memory it has.
    """
    return tightest(host_limits())


def host_limits(root: Path = Path("/")) -> tuple[DeviceMemory, ...]:
    """Return the machine's memory, then every limit on it.

    Args:
        root: Where ``/proc`` and ``/sys`` are.

    Raises:
        OSError: If the system does not tell how much memory it has.
    """
    limits = (limit.as_memory() for limit in ulimits(root))
    return (_machine(), *container_limits(root), *limits)


def tightest(limits: Sequence[DeviceMemory]) -> DeviceMemory:
    """Return the smallest total and the smallest free of several limits, and who leaves that little free."""
    binding = min(limits, key=lambda each: each.free_bytes)
    return DeviceMemory(
        total_bytes=min(each.total_bytes for each in limits),
        free_bytes=binding.free_bytes,
        source=binding.source,
    )


def _machine() -> DeviceMemory:
    memory = psutil.virtual_memory()
    return DeviceMemory(total_bytes=int(memory.total), free_bytes=int(memory.available), source="machine")
