"""The files that a benchmark leaves: its figures as JSON, and a plot of them."""

from __future__ import annotations

import json
from pathlib import Path

from infdit_cli.api.plots import Plot, check_place, check_plot, write_plot
from infdit_cli.errors import OptionError
from infdit_cli.files import replacing_output
from infdit_cli.results import BenchResult


def check_files(output: Path | None, plot: Path | None) -> None:
    """Fail now if the files could not be written later; measuring may take hours.

    Raises:
        MissingExtra: If there is no matplotlib to plot with.
        OptionError: If the plot's suffix is no format's, or both files are one.
        OutputNotWritable: If a folder is missing or closed to us, or a name is a folder's.
        OutputError: If links lead in a circle.
    """
    if plot is not None:
        check_plot(plot, Plot.BENCH)
    if output is not None:
        check_place(output)
    if output is not None and plot is not None and output.resolve() == plot.resolve():
        raise OptionError(f"-o and --plot are the same file, {output}")


def write_files(result: BenchResult, output: Path | None, plot: Path | None) -> None:
    """Write what is wanted; each file appears whole or not at all.

    Without a measurement of our own there is nothing to plot, and no plot.

    Raises:
        OutputError: If the disk is full or fails.
    """
    if output is not None:
        with replacing_output(output) as temporary:
            temporary.write_text(f"{json.dumps(result.to_dict(), indent=1)}\n", encoding="utf-8")
    if plot is not None and result.measured:
        write_plot(plot, Plot.BENCH, result)
