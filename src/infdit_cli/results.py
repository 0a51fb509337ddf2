"""What each job gives back, frozen; the console renders it as text or JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from infdit_cli.config import MetricName, Place, TrackName, VisitOrder
from infdit_cli.geometry import Size
from infdit_cli.memory import DeviceMemory


@dataclass(frozen=True, slots=True, kw_only=True)
class UpscaleResult:
    """One picture upscaled.

    Args:
        source, destination: Input and output files.
        source_size, size: Their sizes in pixels.
        weights: Name of the checkpoint.
        steps: Sampler steps; 0 is the base alone.
        evaluations: Denoiser calls a block.
        seed: The seed.
        fidelity: How closely the output, shrunk again, was made to match the input, 0 to 1.
        device, dtype: Where and in which number format the network ran.
        planned_bytes: What the plan said it would take of the device's memory; on a CPU, of the process's.
        peak_bytes: What it took at most; in a batch, what the batch took so far.
        seconds: Wall time from reading to the renamed output.
    """

    source: Path
    destination: Path
    source_size: Size
    size: Size
    weights: str
    steps: int
    evaluations: int
    seed: int
    fidelity: float
    device: str
    dtype: str
    planned_bytes: int
    peak_bytes: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SkippedPicture:
    """A picture of a batch that needed no work.

    Args:
        source, destination: Input and output files.
        size: Pixels of the output.
        skipped: Why.
    """

    source: Path
    destination: Path
    size: Size
    skipped: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedPicture:
    """A picture of a batch that could not be done.

    Args:
        source, destination: Input and output files; there is no output.
        error: What a command for this picture alone would have ended with.
    """

    source: Path
    destination: Path
    error: Exception


Outcome = UpscaleResult | SkippedPicture | FailedPicture
OnOutcome = Callable[[Outcome], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchTally:
    """How a batch went; what is neither done nor skipped nor failed was not begun or not finished.

    Args:
        num_pictures: All that were found.
        num_done, num_skipped, num_failed: Of these.
        seconds: Wall time.
        stopped: Type of the failure that ended the batch early; ``None`` if it came to its end.
        exit_code: Of the command.
    """

    num_pictures: int
    num_done: int
    num_skipped: int
    num_failed: int
    seconds: float
    stopped: str | None
    exit_code: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedItem:
    """One line of a pass's account of memory.

    Args:
        name: What is held.
        place: ``device``, ``host`` or ``disk``; on a CPU, all memory is ``device``.
        nbytes: The most of it that is held at once.
    """

    name: str
    place: Place
    nbytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedPass:
    """One run of the model over a whole picture.

    Args:
        size: The pixels it makes.
        order: Step-major or block-major.
        block_batch: Blocks down and across a super-block.
        num_visits: Super-block evaluations.
        kv_place, canvas_place, weights_place: Where they lie between visits.
        items: What is held, by name and place.
        device_bytes, host_bytes, disk_bytes: The same by place.
        seconds: Expected time, without reading and encoding.
    """

    size: Size
    order: VisitOrder
    block_batch: Size
    num_visits: int
    kv_place: Place
    canvas_place: Place
    weights_place: Place
    items: tuple[PlannedItem, ...]
    device_bytes: int
    host_bytes: int
    disk_bytes: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanResult:
    """What ``infdit upscale`` would do; nothing was computed or written.

    Args:
        source, destination: Input and output files.
        container: Format of the output.
        source_size, size: Their sizes in pixels.
        weights, steps, evaluations, fidelity, device, dtype: As in ``UpscaleResult``.
        budget_bytes: What the plan may take of the device's memory; on a CPU, of the process's.
        passes: What is done one after the other.
        device_bytes, host_bytes, disk_bytes: The most that any pass takes.
        output_bytes: Upper estimate of the encoded file.
        seconds: Expected time of all passes.
        notes: What the user should know.
    """

    source: Path
    destination: Path
    container: str
    source_size: Size
    size: Size
    weights: str
    steps: int
    evaluations: int
    fidelity: float
    device: str
    dtype: str
    budget_bytes: int
    passes: tuple[PlannedPass, ...]
    device_bytes: int
    host_bytes: int
    disk_bytes: int
    output_bytes: int
    seconds: float
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainResult:
    """A training run that reached its budget.

    Args:
        checkpoint: The averaged weights, ready for ``infdit upscale --weights``.
        base_steps, joint_steps, perceptual_steps: Steps done in each stage, over all resumed runs.
        lanczos_db, model_db, model_lpips: The last validation; see ``events.Validated``.
    """

    checkpoint: Path
    base_steps: int
    joint_steps: int
    perceptual_steps: int
    lanczos_db: float
    model_db: tuple[tuple[int, float], ...]
    model_lpips: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightsFile:
    """A file of weights on this machine.

    Args:
        name: The entry's name.
        path: Where the file is.
        size_bytes: Its size.
        sha256: Its digest where it was computed or is pinned.
    """

    name: str
    path: Path
    size_bytes: int
    sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedWeights:
    """An entry of ``weights.toml``, and whether its file is here.

    Args:
        name, description, licence: As in the entry.
        source: Where it comes from, in words.
        path: The file on this machine; ``None`` if it is not here.
        parameters, size_bytes, memory_bytes: As in the entry; ``None`` where unknown.
        sampler, steps: The default sampler; ``None`` where the checkpoint itself says.
    """

    name: str
    description: str
    licence: str
    source: str
    path: Path | None
    parameters: int | None
    size_bytes: int | None
    memory_bytes: int | None
    sampler: str | None
    steps: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightsList:
    """All weights that are known by name."""

    weights: tuple[ListedWeights, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightsFiles:
    """The files that a pull brought, or found here already."""

    files: tuple[WeightsFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedWeights:
    """Files that were read in full and are what they should be."""

    files: tuple[WeightsFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovedWeights:
    """What ``infdit weights rm`` deleted; maybe nothing."""

    name: str
    paths: tuple[Path, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConvertedWeights:
    """The authors' checkpoint in our format.

    Args:
        source, destination: Input and output files.
        parameters: Of the denoiser.
        image_tower: Whether CLIP's image tower came along.
        size_bytes, sha256: Of the output.
    """

    source: Path
    destination: Path
    parameters: int
    image_tower: bool
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """What was measured.

    Args:
        name: Key of its values.
        title: What it is called in the field, with its unit.
        lower_is_better: Whether the best value is the smallest.
    """

    name: MetricName
    title: str
    lower_is_better: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One method on one picture.

    Args:
        picture: Its path below the folder.
        method: ``bicubic``, ``lanczos`` or ``steps N``.
        values: By the names of the metrics that the track has; NaN where the picture has no such value.
        seconds_per_mp: Wall seconds for one output megapixel.
    """

    picture: str
    method: str
    values: Mapping[MetricName, float]
    seconds_per_mp: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodMean:
    """One method over all pictures.

    Args:
        method: As in its scores.
        values: Means of those that are numbers.
        seconds_per_mp, median_seconds_per_mp: Mean and median of wall seconds for one output megapixel.
    """

    method: str
    values: Mapping[MetricName, float]
    seconds_per_mp: float
    median_seconds_per_mp: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackScores:
    """All scores on one kind of input.

    Args:
        track: How the pictures were made small.
        scores: In the order of pictures, then methods.
        means: In the order of methods.
    """

    track: TrackName
    scores: tuple[Score, ...]
    means: tuple[MethodMean, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A picture that could not be scored, and why."""

    picture: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationResult:
    """All scores of an evaluation.

    Args:
        weights: Name of the checkpoint.
        scale: How many times the pictures were shrunk.
        seed: Of the damages and of the sampler.
        num_pictures: How many were scored.
        metrics: What was measured.
        tracks: The scores of each track.
        left_out: Pictures that were found and not scored.
        sheet: The picture sheet, if one was asked for.
        plot: The plot of PSNR against LPIPS, if one was asked for.
    """

    weights: str
    scale: int
    seed: int
    num_pictures: int
    metrics: tuple[Metric, ...]
    tracks: tuple[TrackScores, ...]
    left_out: tuple[LeftOut, ...] = ()
    sheet: Path | None = None
    plot: Path | None = None


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
    """A package that infdit depends on; ``version`` is ``None`` if it is not installed."""

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
        digest: ``ok``, ``differs``, ``not pinned``, or ``not checked`` where reading it would take long.
    """

    name: str
    path: str | None
    size_bytes: int | None
    digest: Literal["ok", "differs", "not pinned", "not checked"] | None


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
        packages: The main dependencies.
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
