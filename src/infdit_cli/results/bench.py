"""What ``infdit bench`` gives back: figures to be kept as evidence, so they are read back strictly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any, Self

from infdit_cli import strict_json
from infdit_cli.config import PeerName
from infdit_cli.errors import InfditError

BENCH_SCHEMA = "infdit-bench/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Seconds of something that was done several times.

    Args:
        runs: Each of them, in the order in which they were done.
        median, fastest, slowest: Of these.
    """

    runs: tuple[float, ...]
    median: float
    fastest: float
    slowest: float

    @classmethod
    def of(cls, runs: Sequence[float]) -> Self:
        """Sum up at least one run."""
        return cls(runs=tuple(runs), median=median(runs), fastest=min(runs), slowest=max(runs))


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchMachine:
    """Where it was measured.

    Args:
        infdit, python, torch: Versions.
        system: Operating system and kind of processor.
        cpu: The processor's name.
        cpu_capability: The instruction set that torch's own kernels use, as in ``AVX2``.
        num_cores: Cores that the process could use, hyper-threads not counted.
        num_threads: Threads that one operation of torch uses.
        gpu: The GPU's name; ``None`` if the CPU computed.
        memory_bytes: Of the device; on a CPU, what the process could ever have.
        load_average: Of the last 1, 5 and 15 minutes before the first run; empty where unknown.
    """

    infdit: str
    python: str
    torch: str
    system: str
    cpu: str
    cpu_capability: str
    num_cores: int
    num_threads: int
    gpu: str | None
    memory_bytes: int
    load_average: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchModel:
    """What was measured.

    Args:
        weights: Name of the checkpoint.
        sha256: Digest of its file.
        sampler, steps: How it was sampled; 0 steps are the base alone.
        evaluations: Denoiser calls a block.
        device, dtype: Where and in which number format the network ran.
    """

    weights: str
    sha256: str | None
    sampler: str
    steps: int
    evaluations: int
    device: str
    dtype: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """One resolution, in a process of its own.

    The bytes are those of the first run, which is not timed: it is what ``infdit upscale`` would take.

    Args:
        size_px, source_px: Side of the square output and of its input.
        order, block_rows, block_cols: How the plan walked the picture, in super-blocks of so many blocks.
        budget_bytes: What the plan could take of the device's memory; on a CPU, of the process's.
        planned_bytes: What it said it would take.
        peak_bytes: What was taken at most: on CUDA by tensors, on a CPU by the whole process.
        reserved_bytes: What torch took of the GPU, its unused part included; ``None`` on a CPU.
        planned_host_bytes: What the plan said of host memory beside a GPU; ``None`` on a CPU.
        peak_host_bytes: What the process took of host memory at most.
        whole_picture_bytes: What the device would have to hold to evaluate the whole picture at once.
            Computed by the plan's own account, never measured.
        picture: Seconds from pixels in memory to a PNG on disk, planning included.
        evaluation: Seconds of one pass of the network over the picture, with what lies between: the base,
            keys and values on their way, and pixels to the spool.
        megapixels_per_s: Of output, at the median of ``picture``.
        flops: Operations of the network for the picture, all evaluations, counted from its sizes.
        peak_share: ``flops`` over the median time of all evaluations and the peak of matrix products.
    """

    size_px: int
    source_px: int
    order: str
    block_rows: int
    block_cols: int
    budget_bytes: int
    planned_bytes: int
    peak_bytes: int
    reserved_bytes: int | None
    planned_host_bytes: int | None
    peak_host_bytes: int
    whole_picture_bytes: int
    picture: Timing
    evaluation: Timing
    megapixels_per_s: float
    flops: int
    peak_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmeasured:
    """A resolution that could not be measured.

    Args:
        size_px: Side of the square output.
        type, message: The error that ``infdit upscale`` would have ended with.
    """

    size_px: int
    type: str
    message: str

    @classmethod
    def of(cls, error: Exception, *, size_px: int) -> Self:
        """Say what went wrong."""
        return cls(size_px=size_px, type=type(error).__name__, message=_message(error))


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerMeasurement:
    """One evaluation of a network of others with random weights, at one resolution, in a process of its own.

    Device and number format are those of ``BenchModel``. The bytes are those of the first evaluation, which
    is not timed.

    Args:
        name: Which network.
        size_px: Side of the square picture.
        latent_px: Side of what the network worked on for it. SDXL: an eighth of the picture's side, which is
            rounded up to whole 64 px.
        parameters: Of the network.
        peak_bytes: What was taken at most, weights included: on CUDA by tensors, on a CPU by the whole
            process.
        evaluation: Seconds of one call of the network on one latent, batch 1.
    """

    name: PeerName
    size_px: int
    latent_px: int
    parameters: int
    peak_bytes: int
    evaluation: Timing


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmeasuredPeer:
    """A network of others that could not be measured at a resolution.

    Args:
        name: Which network.
        size_px: Side of the square picture.
        type, message: What it failed with.
    """

    name: PeerName
    size_px: int
    type: str
    message: str

    @classmethod
    def of(cls, error: Exception, *, name: PeerName, size_px: int) -> Self:
        """Say what went wrong."""
        return cls(name=name, size_px=size_px, type=type(error).__name__, message=_message(error))


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchResult:
    """Everything that a run of the benchmark found.

    Args:
        schema: ``infdit-bench/1``.
        date: When it began, UTC, as in ``2026-11-21T11:07:28Z``.
        command: The command line.
        repeats: Timed runs of each resolution.
        machine: Where.
        model: What.
        matrix_flops_per_s: What a product of large square matrices reaches there in the same number format.
        measured, unmeasured: The resolutions, each in the order asked for.
        against, unmeasured_against: The networks of ``--against``, each at the resolutions in that order.
            Results from before it lack both.
    """

    schema: str
    date: str
    command: str
    repeats: int
    machine: BenchMachine
    model: BenchModel
    matrix_flops_per_s: float
    measured: tuple[Measurement, ...]
    unmeasured: tuple[Unmeasured, ...]
    against: tuple[PeerMeasurement, ...] = ()
    unmeasured_against: tuple[UnmeasuredPeer, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: object) -> Self:
        """Build from the JSON form.

        Raises:
            strict_json.Misread: If a field without a default is missing, or one is unknown, of another
                type, or contradicts another.
        """
        result = strict_json.read(cls, data, defaults=True)
        if result.schema != BENCH_SCHEMA:
            raise strict_json.Misread(f"schema is {result.schema!r}, not {BENCH_SCHEMA!r}")
        for each in result.measured:
            _check_timing(each.picture, result.repeats, f"{each.size_px} px, picture")
            _check_timing(each.evaluation, result.repeats, f"{each.size_px} px, evaluation")
        for peer in result.against:
            _check_timing(peer.evaluation, result.repeats, f"{peer.size_px} px, {peer.name}")
        return result


def _message(error: Exception) -> str:
    return error.message if isinstance(error, InfditError) else str(error)


def _check_timing(timing: Timing, repeats: int, where: str) -> None:
    if len(timing.runs) != repeats or not repeats or Timing.of(timing.runs) != timing:
        raise strict_json.Misread(
            f"{where}: not {repeats} runs with this median, fastest and slowest: {timing}"
        )
