"""What was found out about this machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from infdit_cli.memory import DeviceMemory

DigestState = Literal["ok", "differs", "not pinned", "not checked", "part of the package"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberFormat:
    """A number format on a device.

    Args:
        name: As ``--dtype`` calls it.
        speed: How the device computes in it, in words; begins with ``native`` where it is fast.
        taken: Whether ``--dtype auto`` takes it.
    """

    name: Literal["float32", "bfloat16", "float16"]
    speed: str
    taken: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """Where one could compute.

    Args:
        name: ``cpu``, ``cuda:0``, ``mps``.
        title: What the hardware calls itself.
        memory: What this process may use.
        formats: The number formats.
    """

    name: str
    title: str
    memory: DeviceMemory
    formats: tuple[NumberFormat, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TorchBuild:
    """The torch that is installed.

    Args:
        version: Its version.
        cuda: The CUDA it was built for; ``None`` for a build without.
        cpu_capability: The instruction set its own kernels use, as in ``AVX2``.
        num_threads: Threads that one operation uses.
    """

    version: str
    cuda: str | None
    cpu_capability: str
    num_threads: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A package that infdit uses; ``version`` is ``None`` if it is needed and not installed."""

    name: str
    version: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """A folder that infdit writes to.

    Args:
        role: What for: ``current``, ``temporary``, ``cache``, ``config``.
        path: Where, with ``~`` for the home folder.
        exists: Whether it is there; it is made when needed.
        free_bytes: Room on its disk.
    """

    role: str
    path: str
    exists: bool
    free_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightsState:
    """An entry of ``weights.toml`` on this machine.

    Args:
        name: The entry's name.
        path: Its file, with ``~`` for the home folder; ``None`` if it is not here.
        size_bytes: Of the file; ``None`` if it is not here.
        digest: ``ok``, ``differs``, ``not pinned``, ``not checked`` where reading it would take long, or
            ``part of the package``, for which nothing is pinned.
    """

    name: str
    path: str | None
    size_bytes: int | None
    digest: DigestState | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """An environment variable that changes what infdit does; secrets are masked."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedProbe:
    """A question that the machine did not answer, and what it said instead."""

    name: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DoctorResult:
    """Everything about this machine that a bug report needs.

    Args:
        infdit, python, system: Versions; the system with its processor's kind.
        installed_in: The folder of this program, with ``~`` for the home folder.
        cpu: The processor's name.
        num_cores: Cores that this process may use, hyper-threads not counted.
        stdout_encoding: As Python calls it.
        torch: ``None`` if it cannot be loaded.
        packages: The main dependencies, then those of extras that are installed.
        devices: Where one could compute.
        memory: The host's, after all limits; ``None`` if unknown.
        limits: The machine's own memory, then each limit on it.
        folders: Folders and the room on their disks.
        weights: All weights that are known by name.
        environment: The variables that are set.
        failed: The probes that failed.
        warnings: What looks wrong, each with what to do.
    """

    infdit: str
    python: str
    system: str
    installed_in: str
    cpu: str
    num_cores: int
    stdout_encoding: str
    torch: TorchBuild | None
    packages: tuple[Package, ...]
    devices: tuple[Device, ...]
    memory: DeviceMemory | None
    limits: tuple[DeviceMemory, ...]
    folders: tuple[Folder, ...]
    weights: tuple[WeightsState, ...]
    environment: tuple[Variable, ...]
    failed: tuple[FailedProbe, ...]
    warnings: tuple[str, ...]
