"""What a running job reports, as plain data: the console draws it, JSON prints it, tests collect it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from infdit_cli.geometry import Size


@dataclass(frozen=True, slots=True)
class Noted:
    """Something the user should know; the job goes on."""

    text: str


@dataclass(frozen=True, slots=True)
class Started:
    """The shape of a stage is known: of a pass of the model, or of what is computed before and after.

    Args:
        size: Pixels of what it makes.
        num_visits: Visits (one super-block at one evaluation) that a pass takes; else pieces of a picture.
        detail: Model, steps, device and dtype of a pass in words; else what the pieces are for.
        num_done: Those of them that an interrupted run has done.
    """

    size: Size
    num_visits: int
    detail: str
    num_done: int = 0


@dataclass(frozen=True, slots=True)
class Visited:
    """``num_done`` of the visits are complete."""

    num_done: int


@dataclass(frozen=True, slots=True)
class Encoding:
    """Every pixel is computed; the container is being written."""

    name: str


@dataclass(frozen=True, slots=True)
class BatchProgressed:
    """A batch of pictures has come this far.

    Args:
        name: The picture that is being worked on.
        number: Its place in the list, from 1.
        num_pictures: Length of the list.
        done, total: Work, in bytes of input files; of a picture in work, the part that is computed.
    """

    name: str
    number: int
    num_pictures: int
    done: float
    total: float


@dataclass(frozen=True, slots=True)
class Kept:
    """The job stops here, and what it has done is kept: the same command goes on from there.

    Args:
        fresh: It was told to start over; the same command would do so again.
    """

    fresh: bool = False


@dataclass(frozen=True, slots=True)
class TrainingProgressed:
    """A training step is done.

    Args:
        stage: ``base``, ``joint`` or ``perceptual``.
        step: Steps done in this stage.
        fraction: Part of the stage that is done, 0 to 1.
        loss: Running mean of the loss.
        learning_rate: Of the last step.
        samples_per_s: Crops a second since the last report, of all processes that train together.
    """

    stage: str
    step: int
    fraction: float
    loss: float
    learning_rate: float
    samples_per_s: float


@dataclass(frozen=True, slots=True)
class Validated:
    """A pass over the pictures held aside from training; PSNR on Y in decibels.

    Args:
        stage: ``base``, ``joint`` or ``perceptual``.
        step: Steps done in this stage.
        lanczos_db: Lanczos resampling, the yardstick.
        model_db: The averaged weights at each number of sampler steps, as (steps, decibels).
        model_lpips: LPIPS of the same, as (steps, distance); empty in stages that do not train for it.
        track: How the pictures were made small.
    """

    stage: str
    step: int
    lanczos_db: float
    model_db: tuple[tuple[int, float], ...]
    model_lpips: tuple[tuple[int, float], ...] = ()
    track: Literal["clean", "degraded"] = "clean"

    @property
    def best_steps(self) -> int:
        """The number of sampler steps that comes closest by LPIPS or, where that is missing, by PSNR."""
        scores = self.model_lpips or tuple((steps, -decibels) for steps, decibels in self.model_db)
        return min(scores, key=lambda score: score[1])[0]


@dataclass(frozen=True, slots=True)
class Scored:
    """One picture of an evaluation is done."""

    name: str
    num_done: int
    num_total: int


@dataclass(frozen=True, slots=True)
class BenchProgressed:
    """A run of a benchmark has come this far.

    Args:
        size_px: Side of the square output.
        run: Number of the run; 0 is the one that is not timed.
        num_runs: Timed runs of each resolution.
        num_done, num_visits: Visits of the picture.
        peer: What is measured in place of infdit, in words.
    """

    size_px: int
    run: int
    num_runs: int
    num_done: int
    num_visits: int
    peer: str | None = None


@dataclass(frozen=True, slots=True)
class Benched:
    """A resolution of a benchmark is done.

    Args:
        size_px: Side of the square output.
        seconds: Median time of a picture, or of an evaluation of ``peer``; ``None`` if it could not be
            measured.
        failure: Why not.
        peer: What was measured in place of infdit, in words.
    """

    size_px: int
    seconds: float | None
    failure: str | None = None
    peer: str | None = None


@dataclass(frozen=True, slots=True)
class BytesDone:
    """A job on a file of weights has come this far.

    Args:
        job: What is being done, in words.
        name: Name of the weights, or of the file.
        done_bytes: Bytes handled, including those of an earlier, interrupted run.
        total_bytes: Size of the file; ``None`` while unknown.
    """

    job: Literal["downloading", "checking"]
    name: str
    done_bytes: int
    total_bytes: int | None


Progressed = Visited | BatchProgressed | TrainingProgressed | Scored | BenchProgressed | BytesDone
Event = Noted | Started | Encoding | Kept | Validated | Benched | Progressed
OnEvent = Callable[[Event], None]
# Told what the user should know; the run goes on.
OnNote = Callable[[str], None]


def ignore(_: object) -> None:
    """Take an event, or whatever else one is told, and do nothing: nobody watches."""
