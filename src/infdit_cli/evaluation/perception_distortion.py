"""Perception against distortion, which ``--steps`` trades, as a plot: LPIPS and PSNR of each method."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from infdit_cli.results import EvaluationResult, MethodMean, TrackScores

SIZE_INCHES = (5.5, 4.4)
DOTS_PER_INCH = 150
BLACK, GREY = "black", "0.45"


def draw(result: EvaluationResult, path: Path) -> None:
    """Write the plot: PSNR against LPIPS, a panel for each track, a point for each method.

    The model's points are joined in the order of their steps.

    Args:
        result: With ``psnr`` and ``lpips`` among its metrics.
        path: A new file; its suffix chooses the format.

    Raises:
        OSError: If it cannot be written.
    """
    width, height = SIZE_INCHES
    figure = Figure(figsize=(width * len(result.tracks), height), layout="constrained")
    panels = figure.subplots(1, len(result.tracks), squeeze=False)[0]
    for axes, track in zip(panels, result.tracks, strict=True):
        _draw_track(axes, track)
    title = f"{result.weights}, mean of {result.num_pictures} pictures"
    figure.suptitle(title, fontsize=10, parse_math=False)
    figure.savefig(path, dpi=DOTS_PER_INCH)


def _draw_track(axes: Axes, track: TrackScores) -> None:
    by_steps = {mean.steps: mean for mean in track.means if mean.steps is not None}
    others = [mean for mean in track.means if mean.steps is None]
    _draw_points(axes, [by_steps[steps] for steps in sorted(by_steps)], "o-", BLACK)
    _draw_points(axes, others, "^", GREY)
    axes.set_title(f"{track.track} track")
    axes.set_xlabel("LPIPS (nearer to the eye is left)")
    axes.set_ylabel("PSNR on Y (dB)")
    axes.margins(0.18)
    axes.grid(visible=True, color="0.9")
    axes.set_axisbelow(True)


def _draw_points(axes: Axes, means: Sequence[MethodMean], style: str, colour: str) -> None:
    across, up = ([mean.values[name] for mean in means] for name in ("lpips", "psnr"))
    axes.plot(across, up, style, color=colour)
    for mean, x, y in zip(means, across, up, strict=True):
        axes.annotate(mean.method, (x, y), xytext=(6, 5), textcoords="offset points", color=colour)
