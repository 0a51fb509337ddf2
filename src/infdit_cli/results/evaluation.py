"""How close each method came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from infdit_cli.config import MetricName, TrackName


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """What was measured.

    Args:
        name: Key of its values.
        title: What it is called in the field, with its unit.
        lower_is_better: Whether the best value is the smallest; ``None`` if that lies between: see the title.
    """

    name: MetricName
    title: str
    lower_is_better: bool | None = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One method on one picture.

    Args:
        picture: Its path below the folder.
        method: ``bicubic``, ``lanczos`` or ``steps N``.
        steps: Sampler steps of the model; ``None`` for a resampler.
        values: By the names of the metrics that the track has; NaN where the picture has no such value.
        seconds_per_mp: Wall seconds for one output megapixel.
    """

    picture: str
    method: str
    steps: int | None
    values: Mapping[MetricName, float]
    seconds_per_mp: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodMean:
    """One method over all pictures.

    Args:
        method, steps: As in its scores.
        values: Means of those that are numbers.
        seconds_per_mp, median_seconds_per_mp: Mean and median of wall seconds for one output megapixel.
    """

    method: str
    steps: int | None
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
        restore: Share of its restorer's weights.
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
    restore: float
    scale: int
    seed: int
    num_pictures: int
    metrics: tuple[Metric, ...]
    tracks: tuple[TrackScores, ...]
    left_out: tuple[LeftOut, ...] = ()
    sheet: Path | None = None
    plot: Path | None = None
