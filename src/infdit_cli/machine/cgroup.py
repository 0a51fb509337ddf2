"""Limits that a container puts on this process: cgroups of version 2 and 1, at every level above it.

Formats: Linux, Documentation/admin-guide/cgroup-v2.rst and cgroup-v1/memory.rst; proc_pid_mountinfo(5).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from infdit_cli.machine.procfs import read_lines
from infdit_cli.memory import DeviceMemory

# Version 1 writes "no limit" as the largest number of whole pages, a little under 2**63.
_UNLIMITED_BYTES = 1 << 60


@dataclass(frozen=True, slots=True, kw_only=True)
class _Files:
    """The names of one version's files.

    Args:
        limits: Each holds a limit in bytes; the smallest counts.
        usage: Bytes in use, page cache included.
        cache: The line of ``memory.stat`` with page cache that the kernel takes back first.
    """

    limits: tuple[str, ...]
    usage: str
    cache: str


_V2 = _Files(limits=("memory.max", "memory.high"), usage="memory.current", cache="inactive_file")
_V1 = _Files(limits=("memory.limit_in_bytes",), usage="memory.usage_in_bytes", cache="total_inactive_file")


def container_limits(root: Path = Path("/")) -> tuple[DeviceMemory, ...]:
    """Return every limit between this process and the root of its cgroups; none outside Linux.

    Args:
        root: Where ``/proc`` and ``/sys`` are.
    """
    found = []
    for folder, files in _levels(root):
        limit = _smallest(folder, files.limits)
        if limit is not None:
            found.append(_left(folder, files, limit))
    return tuple(found)


def _levels(root: Path) -> Iterator[tuple[Path, _Files]]:
    """Yield this process's cgroups of each hierarchy that limits memory, innermost first."""
    paths = _own_paths(root)
    for mount, top, files in _mounts(root):
        own = paths.get("" if files is _V2 else "memory")
        if own is None:
            continue
        below = own.relative_to(top) if own.is_relative_to(top) else PurePosixPath()
        folder = root / mount.relative_to("/") / below
        for level in (folder, *folder.parents[: len(below.parts)]):
            yield level, files


def _own_paths(root: Path) -> dict[str, PurePosixPath]:
    """Return the cgroup of this process by controller; version 2 has the empty name."""
    paths = {}
    for line in read_lines(root / "proc/self/cgroup"):
        _, controllers, path = line.split(":", 2)
        paths.update(dict.fromkeys(controllers.split(","), PurePosixPath(path)))
    return paths


def _mounts(root: Path) -> Iterator[tuple[PurePosixPath, PurePosixPath, _Files]]:
    """Yield where memory cgroups are mounted, and which cgroup each mount shows as its root."""
    for line in read_lines(root / "proc/self/mountinfo"):
        before, _, after = line.partition(" - ")
        top, mount = before.split()[3:5]
        fields = after.split(" ")  # the source in the middle may be empty
        kind, options = fields[0], fields[-1]
        if kind == "cgroup2":
            yield PurePosixPath(mount), PurePosixPath(top), _V2
        elif kind == "cgroup" and "memory" in options.split(","):
            yield PurePosixPath(mount), PurePosixPath(top), _V1


def _smallest(folder: Path, names: tuple[str, ...]) -> int | None:
    limits = [limit for name in names if (limit := _number(folder / name)) is not None]
    return min((limit for limit in limits if limit < _UNLIMITED_BYTES), default=None)


def _left(folder: Path, files: _Files, limit: int) -> DeviceMemory:
    pairs = (line.split() for line in read_lines(folder / "memory.stat"))
    cache = next((int(value) for name, value in pairs if name == files.cache), 0)
    used = max(0, (_number(folder / files.usage) or 0) - cache)
    return DeviceMemory(total_bytes=limit, free_bytes=max(0, limit - used), source="container")


def _number(path: Path) -> int | None:
    """Return the number in a file; ``None`` for ``max`` and where there is no such file."""
    text = "".join(read_lines(path)[:1]).strip()
    return int(text) if text.isdecimal() else None
