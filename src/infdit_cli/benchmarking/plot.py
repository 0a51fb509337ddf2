"""A benchmark as two plots: memory against resolution, and seconds against megapixels.

Lines differ in dashes and markers, not in colour: the plot can be printed. Nothing is drawn that was not
measured, except what the legend calls planned or computed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, NullFormatter, NullLocator

from infdit_cli.benchmarking.peers import PEER_TITLES
from infdit_cli.results import BenchResult, Measurement, PeerMeasurement, Timing

SIZE_INCHES = (11.0, 4.8)
DOTS_PER_INCH = 150
BLACK, GREY = "black", "0.45"
MEBIBYTE = 1 << 20
# From the middle of a vertical axis to its ends, as a factor: small differences are to look small.
LEAST_REACH = 4.0
DASH_DOT_DOT = (0, (7, 2, 1, 2, 1, 2))


def draw(result: BenchResult, path: Path) -> None:
    """Write the plot; the suffix of ``path`` chooses the format.

    Args:
        result: With at least one measurement.
        path: A new file.

    Raises:
        OSError: If it cannot be written.
    """
    rows = sorted(result.measured, key=lambda row: row.size_px)
    figure = Figure(figsize=SIZE_INCHES, layout="constrained")
    memory, seconds = figure.subplots(1, 2)
    _draw_memory(memory, rows, gpu=result.machine.gpu is not None)
    _draw_seconds(seconds, rows)
    for name in dict.fromkeys(row.name for row in result.against):
        peers = sorted((row for row in result.against if row.name == name), key=lambda row: row.size_px)
        _add_peer(memory, seconds, peers)
    sides = sorted({row.size_px for row in rows} | {row.size_px for row in result.against})
    _log(memory, sides)
    _log(seconds, [_megapixels(side) for side in sides])
    figure.suptitle(_title(result), fontsize=10, parse_math=False)
    figure.savefig(path, dpi=DOTS_PER_INCH)


def _draw_memory(axes: Axes, rows: Sequence[Measurement], *, gpu: bool) -> None:
    where = "of the GPU" if gpu else "of the process"
    sides = [row.size_px for row in rows]
    whole = [row.whole_picture_bytes / MEBIBYTE for row in rows]
    label = "same model, whole picture at once (computed)"
    # The largest markers, and under the others: small pictures are planned as one piece, too.
    axes.plot(sides, whole, "^:", color=GREY, markersize=11, markerfacecolor="white", label=label)
    planned = [row.planned_bytes / MEBIBYTE for row in rows]
    axes.plot(sides, planned, "s--", color=BLACK, markerfacecolor="white", label="infdit, planned")
    axes.plot(sides, [row.peak_bytes / MEBIBYTE for row in rows], "o-", color=BLACK, label="infdit, measured")
    if gpu:
        host = [row.peak_host_bytes / MEBIBYTE for row in rows]
        axes.plot(sides, host, "x-.", color=GREY, label="infdit, host memory, measured")
    axes.set_title("Memory against resolution")
    axes.set_xlabel("side of the square output (px)")
    axes.set_ylabel(f"peak memory {where} (MiB)")


def _draw_seconds(axes: Axes, rows: Sequence[Measurement]) -> None:
    megapixels = [_megapixels(row.size_px) for row in rows]
    pictures, evaluations = [row.picture for row in rows], [row.evaluation for row in rows]
    label = "a picture, from pixels in memory to a PNG"
    axes.errorbar(megapixels, *_spread(pictures), fmt="o-", color=BLACK, capsize=4, label=label)
    label = "one evaluation of the network"
    axes.errorbar(megapixels, *_spread(evaluations), fmt="^--", color=GREY, capsize=4, label=label)
    axes.set_title("Time against size: median, fastest to slowest")
    axes.set_xlabel("output (megapixels)")
    axes.set_ylabel("time (s)")


def _add_peer(memory: Axes, seconds: Axes, rows: Sequence[PeerMeasurement]) -> None:
    """Add a network of others to both plots."""
    title = PEER_TITLES[rows[0].name]
    peaks = [row.peak_bytes / MEBIBYTE for row in rows]
    label = f"{title}, random weights, one evaluation, measured"
    memory.plot([row.size_px for row in rows], peaks, "D", linestyle=DASH_DOT_DOT, color=BLACK, label=label)
    megapixels = [_megapixels(row.size_px) for row in rows]
    spread = _spread([row.evaluation for row in rows])
    label = f"one evaluation of the {title}"
    seconds.errorbar(
        megapixels, *spread, fmt="D", linestyle=DASH_DOT_DOT, color=BLACK, capsize=4, label=label
    )


def _megapixels(size_px: int) -> float:
    return size_px**2 / 1e6


def _spread(timings: Sequence[Timing]) -> tuple[list[float], tuple[list[float], list[float]]]:
    """Return the medians, and how far the runs reach below and above them."""
    below = [each.median - each.fastest for each in timings]
    above = [each.slowest - each.median for each in timings]
    return [each.median for each in timings], (below, above)


def _log(axes: Axes, at: Sequence[float]) -> None:
    """Make both axes logarithmic with plain numbers: along x what was measured, along y 1, 2, 5, 10."""
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.xaxis.set_major_locator(FixedLocator(list(at)))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.yaxis.set_minor_formatter(NullFormatter())
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(
            FuncFormatter(lambda value, _: f"{value:,.3g}" if value < 1000 else f"{value:,.0f}")
        )
    low, high = axes.get_ylim()
    middle, reach = math.sqrt(low * high), max(math.sqrt(high / low), LEAST_REACH)
    axes.set_ylim(middle / reach, middle * reach)
    axes.grid(visible=True, color="0.9")
    axes.set_axisbelow(True)
    axes.legend(frameon=False, fontsize=9)


def _title(result: BenchResult) -> str:
    model, machine = result.model, result.machine
    steps = f"{model.steps} step{'' if model.steps == 1 else 's'}"
    where = machine.gpu or f"{machine.cpu}, {machine.num_threads} threads"
    return (
        f"infdit {machine.infdit}, {model.weights}, {steps}, {model.dtype}: {where}, "
        f"torch {machine.torch}, {result.date[:10]}"
    )
