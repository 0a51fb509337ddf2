"""A run's log as curves: the loss of each stage, and what validation said."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import get_args

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from infdit_cli.config import StageName
from infdit_cli.training.log import (
    PROGRESS_COLUMNS,
    PROGRESS_NAME,
    VALIDATION_COLUMNS,
    VALIDATION_NAME,
    read_rows,
)

SIZE_INCHES = (11.0, 4.4)
DOTS_PER_INCH = 150
Row = dict[str, str]
# Stages and numbers of sampler steps differ in these, not in colour: the plot can be printed.
STYLES = ("o-", "s--", "^:", "x-.")


def draw(run: Path, path: Path) -> None:
    """Write the curves of the run in a folder; the suffix of ``path`` chooses the format.

    Args:
        run: The folder with both logs; one that is missing leaves its panel empty, and a damaged row is none.
        path: A new file.

    Raises:
        OSError: If it cannot be written.
        OutputError: If a log cannot be read.
    """
    figure = Figure(figsize=SIZE_INCHES, layout="constrained")
    loss, scores = figure.subplots(1, 2)
    _draw_loss(loss, _rows(run / PROGRESS_NAME, PROGRESS_COLUMNS))
    validations = _rows(run / VALIDATION_NAME, VALIDATION_COLUMNS)
    _draw_scores(scores, [row for row in validations if row["track"] == "clean"])
    figure.savefig(path, dpi=DOTS_PER_INCH)


def _draw_loss(axes: Axes, rows: list[Row]) -> None:
    for stage, style in zip(_distinct(rows, "stage"), STYLES, strict=False):
        steps, losses = _curve([row for row in rows if row["stage"] == stage], "loss")
        axes.plot(steps, losses, style.strip("os^x"), color="black", label=stage)
    axes.set_title("Running mean of the loss")
    axes.set_xlabel("steps of the stage")
    axes.set_yscale("log")
    _finish(axes)


def _draw_scores(axes: Axes, rows: list[Row]) -> None:
    stage = rows[-1]["stage"] if rows else ""
    rows = [row for row in rows if row["stage"] == stage]
    for count, style in zip(_distinct(rows, "sampler_steps"), STYLES, strict=False):
        steps, decibels = _curve([row for row in rows if row["sampler_steps"] == count], "psnr_db")
        axes.plot(steps, decibels, style, color="black", markerfacecolor="white", label=f"--steps {count}")
    axes.set_title(f"PSNR on pictures held aside, stage {stage}")
    axes.set_xlabel("steps of the stage")
    axes.set_ylabel("PSNR on Y (dB)")
    _finish(axes)


def _finish(axes: Axes) -> None:
    axes.grid(visible=True, color="0.9")
    axes.set_axisbelow(True)
    if axes.lines:
        axes.legend(frameon=False, fontsize=9)


def _curve(rows: list[Row], column: str) -> tuple[list[int], list[float]]:
    """Return steps and values; of steps done twice, before and after a kill, the later counts."""
    values = {}
    for row in rows:
        with suppress(ValueError):  # a damaged one
            values[int(row["step"])] = float(row[column])
    steps = sorted(values)
    return steps, [values[step] for step in steps]


def _distinct(rows: list[Row], column: str) -> list[str]:
    return list(dict.fromkeys(row[column] for row in rows))


def _rows(path: Path, columns: Sequence[str]) -> list[Row]:
    """Return the rows that are whole."""
    rows = [dict(zip(columns, row, strict=True)) for row in read_rows(path) if len(row) == len(columns)]
    return [row for row in rows if row["stage"] in get_args(StageName)]
