"""How much memory there is: plain figures that the machine's probe gives and a plan takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

# Who sets the limit: the machine's own memory, a container (cgroup), `ulimit`, or a GPU's memory.
MemorySource = Literal["machine", "container", "ulimit", "device"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceMemory:
    """Memory that this process may use on one device, or under one limit.

    Args:
        total_bytes: The most that it could ever have.
        free_bytes: What is left of it now.
        source: Who sets the limit that leaves so little.
    """

    total_bytes: int
    free_bytes: int
    source: MemorySource
