"""What came of one picture, and of many."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from infdit_cli.geometry import Size


@dataclass(frozen=True, slots=True, kw_only=True)
class UpscaleResult:
    """One picture upscaled.

    Args:
        source, destination: Input and output files.
        source_size, size: Their sizes in pixels.
        weights: Name of the checkpoint.
        restore: Share of its restorer's weights, 0 to 1.
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
    restore: float
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
