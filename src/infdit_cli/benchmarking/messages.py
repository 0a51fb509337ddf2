"""What the processes of a benchmark tell each other, as plain data: the one that waits has no torch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from infdit_cli.config import DEFAULT_WEIGHTS, DeviceName, MemoryLimit, PeerName
from infdit_cli.errors import OptionError
from infdit_cli.results import BenchMachine, BenchModel

SIZES_PX = (1024, 2048, 4096)
REPEATS = 3
QUICK_SIZES_PX, QUICK_REPEATS = (256,), 1
LEAST_PX, MOST_PX = 16, 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchRequest:
    """Everything a person may set for ``infdit bench``.

    Args:
        sizes_px: Sides of the square outputs.
        repeats: Timed runs of each.
        weights: Name of an entry of ``weights.toml``, or a checkpoint file.
        steps: Noise levels to walk through; ``None`` for the checkpoint's own.
        memory: The most memory to take, as for an upscale.
        device: Where the network runs.
        spool: Folder for temporary files; ``None`` for the system's.
        against: Networks of others to measure as well.
    """

    sizes_px: tuple[int, ...] = SIZES_PX
    repeats: int = REPEATS
    weights: str = DEFAULT_WEIGHTS
    steps: int | None = None
    memory: MemoryLimit | None = None
    device: DeviceName = "auto"
    spool: Path | None = None
    against: tuple[PeerName, ...] = ()

    def __post_init__(self) -> None:
        if not self.sizes_px:
            raise OptionError("--res names no resolution", hint="for example --res 1024,2048")
        wrong = [size for size in self.sizes_px if not LEAST_PX <= size <= MOST_PX]
        if wrong:
            raise OptionError(f"--res has {wrong[0]}; it goes from {LEAST_PX} to {MOST_PX:,} pixels a side")
        if self.repeats < 1:
            raise OptionError(f"--repeats is {self.repeats}; it must be 1 or more")


@dataclass(frozen=True, slots=True, kw_only=True)
class Probed:
    """The answer of the first process; the fields are those of ``BenchResult``."""

    machine: BenchMachine
    model: BenchModel
    matrix_flops_per_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchCase:
    """What one process measures.

    Args:
        request: What the whole benchmark was asked for.
        size_px: Side of the square output.
        folder: Where it may write.
        matrix_flops_per_s: What the device multiplies at best.
    """

    request: BenchRequest
    size_px: int
    folder: Path
    matrix_flops_per_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerCase:
    """What one process measures of a network of others.

    Args:
        request: What the whole benchmark was asked for.
        peer: Which network.
        size_px: Side of the square picture.
        device, dtype: Those of infdit's own model.
    """

    request: BenchRequest
    peer: PeerName
    size_px: int
    device: str
    dtype: str
