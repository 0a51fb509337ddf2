"""What a picture would take."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from infdit_cli.config import Place, VisitOrder
from infdit_cli.geometry import Size
from infdit_cli.results.upscale import FailedPicture, SkippedPicture


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
        weights, restore, steps, evaluations, fidelity, device, dtype: As in ``UpscaleResult``.
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
    restore: float
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


PlanOutcome = PlanResult | SkippedPicture | FailedPicture


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanTally:
    """What a batch would take.

    Args:
        num_pictures: All that were found.
        num_planned, num_skipped, num_failed: Of these.
        seconds: Expected time of all that are planned.
        device_bytes, host_bytes, disk_bytes: The most that any of them takes.
        output_bytes: Upper estimate of all encoded files together.
        stopped: Type of the failure that ended the planning early; ``None`` if it came to its end.
        exit_code: Of the command.
    """

    num_pictures: int
    num_planned: int
    num_skipped: int
    num_failed: int
    seconds: float
    device_bytes: int
    host_bytes: int
    disk_bytes: int
    output_bytes: int
    stopped: str | None
    exit_code: int
