"""The table of an evaluation: PSNR of every picture, then the means of all that was measured."""

import math
from collections.abc import Sequence

from rich import box
from rich.table import Table
from rich.text import Text

from infdit_cli.config import MetricName, ResamplerName
from infdit_cli.console import wording
from infdit_cli.results import MethodMean, Metric, Score, TrackScores

_YARDSTICK: ResamplerName = "lanczos"
_MAIN: MetricName = "psnr"
_DECIMALS: dict[MetricName, int] = {"psnr": 2, "consistency": 2, "seams": 3}
_OTHER_DECIMALS = 4


def score_table(track: TrackScores, metrics: Sequence[Metric], *, boxed: bool, arrow: str) -> Table:
    """Return a row for each picture with PSNR and the gain over Lanczos, then one for each metric's mean.

    Args:
        track: The scores.
        metrics: What was measured; the first of the track's own is shown for each picture.
        boxed: Draw rules; without them the table is plain columns for a pipe.
        arrow: Marks metrics and times of which less is better.
    """
    measured = [metric for metric in metrics if metric.name in track.means[0].values]
    table = Table(box=box.SIMPLE_HEAD if boxed else None)
    if measured:
        _add_columns(table, f"{track.track}: {_title(measured[0], arrow)}", track.means)
        _add_pictures(table, track, measured[0])
    else:
        _add_columns(table, track.track, track.means)
    _add_means(table, track.means, measured, arrow)
    return table


def _add_columns(table: Table, heading: str, means: Sequence[MethodMean]) -> None:
    table.add_column(Text(heading), no_wrap=True)
    for mean in means:
        table.add_column(Text(mean.method), justify="right", no_wrap=True)


def _add_pictures(table: Table, track: TrackScores, metric: Metric) -> None:
    # One row a picture by order, not by name: two pictures may be shown alike.
    for first in range(0, len(track.scores), len(track.means)):
        row = track.scores[first : first + len(track.means)]
        table.add_row(Text(wording.printable(row[0].picture)), *_cells(row, metric))
    table.add_section()


def _add_means(table: Table, means: Sequence[MethodMean], metrics: Sequence[Metric], arrow: str) -> None:
    for metric in metrics:
        table.add_row(f"mean {_title(metric, arrow)}", *_cells(means, metric))
    medians = [f"{mean.median_seconds_per_mp:.2f}" for mean in means]
    table.add_row(f"median seconds per MP {arrow}", *medians)


def _title(metric: Metric, arrow: str) -> str:
    return f"{metric.title} {arrow}" if metric.lower_is_better else metric.title


def _cells(row: Sequence[Score] | Sequence[MethodMean], metric: Metric) -> list[str]:
    """Word one metric of every method; PSNR with its distance to the yardstick's."""
    values = {each.method: each.values[metric.name] for each in row}
    yardstick = values.get(_YARDSTICK) if metric.name == _MAIN else None
    return [
        _number(value, metric) + ("" if method == _YARDSTICK else _gain(value, yardstick))
        for method, value in values.items()
    ]


def _number(value: float, metric: Metric) -> str:
    return "-" if math.isnan(value) else f"{value:.{_DECIMALS.get(metric.name, _OTHER_DECIMALS)}f}"


def _gain(value: float, yardstick: float | None) -> str:
    if yardstick is None or not math.isfinite(value - yardstick):
        return ""
    return f" ({value - yardstick:+.2f})"
