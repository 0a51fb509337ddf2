"""What can be measured of a result, as data: a metric and the function that measures it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from infdit_cli.config import TrackName
from infdit_cli.degradation import Pixels, shrunk
from infdit_cli.evaluation.metrics import luma, psnr_rgb, psnr_y, ssim_y
from infdit_cli.evaluation.seams import seam_score
from infdit_cli.results import Metric


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One method's result on one picture.

    Args:
        predicted, truth: ``[H, W, 3]``.
        lr: What the method saw, ``[H // scale, W // scale, 3]``.
        scale: How many times smaller that was.
        block_px: Side of the model's blocks.
    """

    predicted: Pixels
    truth: Pixels
    lr: Pixels
    scale: int
    block_px: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauge:
    """A metric and how it is measured.

    Args:
        metric: Its name and direction.
        measure: Gives its value; NaN where the comparison has none.
        tracks: Where it means something.
    """

    metric: Metric
    measure: Callable[[Comparison], float]
    tracks: tuple[TrackName, ...] = ("clean", "degraded")


def of_pixels(measure: Callable[[Pixels, Pixels], float]) -> Callable[[Comparison], float]:
    """Turn a function of result and truth into one of a comparison."""
    return lambda comparison: measure(comparison.predicted, comparison.truth)


def _consistency(comparison: Comparison) -> float:
    """How close the result, shrunk again, comes to what the method saw."""
    return psnr_rgb(shrunk(comparison.predicted, comparison.scale), comparison.lr)


BUILT_IN = (
    Gauge(metric=Metric(name="psnr", title="PSNR in dB"), measure=of_pixels(psnr_y)),
    Gauge(metric=Metric(name="ssim", title="SSIM"), measure=of_pixels(ssim_y)),
    Gauge(
        metric=Metric(name="consistency", title="consistency in dB"),
        measure=_consistency,
        tracks=("clean",),  # a faithful answer to a damaged picture is not meant to give back the damage
    ),
    Gauge(
        metric=Metric(name="seams", title="seams (1 is best)", lower_is_better=None),
        measure=lambda comparison: seam_score(
            luma(comparison.predicted), block_px=comparison.block_px, scale=comparison.scale
        ),
        tracks=("clean",),  # the borders of JPEG's blocks, enlarged, would be counted for the model's
    ),
)
