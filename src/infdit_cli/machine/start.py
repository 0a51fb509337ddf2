"""Refuse to start where torch would hang or be killed while it is loaded; torch is not imported here."""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from infdit_cli import amounts
from infdit_cli.errors import OutOfMemory
from infdit_cli.machine.allocator import ask_for_huge_pages, return_large_blocks, share_one_arena
from infdit_cli.machine.cgroup import container_limits
from infdit_cli.machine.cpu import usable_cores
from infdit_cli.machine.ulimits import Ulimit, ulimits
from infdit_cli.memory import DeviceMemory

# What `infdit upscale` of a 64x64 picture was seen to take: VmPeak and the largest VmData with
# MALLOC_ARENA_MAX=1, for one core (taskset -c 0) and for two; then some for more cores, and 5 % for
# other releases. Python 3.11, torch 2.13 for CPUs (468 MB of libraries in torch/lib), numpy 2.4,
# pyvips 3.1; AMD EPYC, 2026-11-21.
# VmPeak: 760 MB, and 63 MB for the other core: numpy's OpenBLAS has 42 of them, the rest are stacks.
# VmData: 289 MB, and 63 MB for the other core.
# Below these floors the same command was seen to spin for ten minutes, to abort, to be killed by SIGSEGV
# inside libvips, and to report nonsense. Libraries for CUDA that lie in other packages are not counted.
_BESIDE_TORCH_BYTES = 282_000_000
_WRITABLE_BYTES = 270_000_000
_THREAD_BYTES = 64_000_000
# What of it was writable and in memory (RssAnon, 204 MB) cannot be dropped by the kernel, unlike libraries.
_RESIDENT_BYTES = 220_000_000


def ensure_room_to_start(
    limits: Sequence[Ulimit] | None = None, containers: Sequence[DeviceMemory] | None = None
) -> None:
    """Refuse a limit on memory under which torch cannot even be loaded, and prepare for one that it fits in.

    To be called before the first import of numpy or torch.

    Args:
        limits: The limits of ``ulimit``; ``None`` asks the system.
        containers: The limits of containers; ``None`` asks the system.

    Raises:
        OutOfMemory: If the process would not live to say so.
    """
    limits = ulimits() if limits is None else limits
    for limit in limits:
        _check_ulimit(limit)
    for container in container_limits() if containers is None else containers:
        _check_container(container)
    return_large_blocks()
    ask_for_huge_pages()
    if limits:
        share_one_arena()


def _check_ulimit(limit: Ulimit) -> None:
    threads = _num_threads()
    needed, needed_by_one = _floor_kib(limit.flag, threads), _floor_kib(limit.flag, 1)
    limit_kib = limit.limit_bytes // 1024
    if limit_kib >= needed:
        return
    fewer = ", or start fewer threads: OMP_NUM_THREADS=1" if limit_kib >= needed_by_one else ""
    raise OutOfMemory(
        f"ulimit {limit.flag} is {limit_kib:,} KiB; loading torch and starting its threads takes {needed:,}",
        hint=f"allow more, as in ulimit {limit.flag} {needed * 2 // 100_000 * 100_000}{fewer}",
    )


def _floor_kib(flag: str, threads: int) -> int:
    loaded = _WRITABLE_BYTES if flag == "-d" else _BESIDE_TORCH_BYTES + _library_bytes()
    return -(-(loaded + threads * _THREAD_BYTES) // 1024)


def _check_container(limit: DeviceMemory) -> None:
    if limit.total_bytes < _RESIDENT_BYTES:
        raise OutOfMemory(
            f"the container may use {amounts.memory(limit.total_bytes)} of memory; "
            f"loading torch takes {amounts.memory(_RESIDENT_BYTES)}",
            hint="give the container a larger limit, 1 GiB or more",
        )


def _library_bytes() -> int:
    """Return the size of torch's own libraries, which are mapped whole; it is not imported for that."""
    spec = find_spec("torch")
    folders = (spec and spec.submodule_search_locations) or ()
    return sum(file.stat().st_size for folder in folders for file in Path(folder, "lib").glob("*.so*"))


def _num_threads() -> int:
    """Return how many threads torch and OpenBLAS start at most."""
    wanted = os.environ.get("OMP_NUM_THREADS", "")
    cores = usable_cores()
    return min(cores, int(wanted)) if wanted.isdecimal() and int(wanted) else cores
