"""The files that a benchmark leaves: its figures as JSON, and a plot of them."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

from infdit_cli.bench_results import BenchResult
from infdit_cli.errors import MissingExtra, OptionError, OutputNotWritable
from infdit_cli.tiles import check_folder, replacing

PLOT_SUFFIXES = (".png", ".svg", ".pdf")


def check_files(output: Path | None, plot: Path | None) -> None:
    """Fail now if the files could not be written later; measuring may take hours.

    Raises:
        MissingExtra: If there is no matplotlib to plot with.
        OptionError: If the plot has another suffix than ``PLOT_SUFFIXES``, or both files are one.
        OutputNotWritable: If a folder is missing or closed to us, or a name is a folder's.
    """
    if plot is not None:
        if plot.suffix.lower() not in PLOT_SUFFIXES:
            raise OptionError(
                f"--plot is {plot}; its suffix chooses the format", hint=f"one of {', '.join(PLOT_SUFFIXES)}"
            )
        _plotting()
    if output is not None and plot is not None and output.resolve() == plot.resolve():
        raise OptionError(f"-o and --plot are the same file, {output}")
    for path in filter(None, (output, plot)):
        check_folder(path.parent)
        if path.exists() and not path.is_file():
            raise OutputNotWritable(f"{path}: is no file", hint="add a file name")


def write_files(result: BenchResult, output: Path | None, plot: Path | None) -> None:
    """Write what is wanted; each file appears whole or not at all.

    Without a measurement there is nothing to plot, and no plot.

    Raises:
        OutputError: If the disk is full or fails.
    """
    if output is not None:
        with replacing(output) as temporary:
            temporary.write_text(f"{json.dumps(result.to_dict(), indent=1)}\n", encoding="utf-8")
    if plot is not None and result.measured:
        with replacing(plot) as temporary:
            _plotting().draw(result, temporary)


def _plotting() -> Any:
    """Return the module that plots, whose matplotlib not everybody has.

    Raises:
        MissingExtra: If it cannot be imported.
    """
    try:
        return import_module("infdit_cli.benchmarking.plot")
    except ImportError as err:
        raise MissingExtra(
            f"--plot needs matplotlib, which cannot be imported: {err}",
            hint="pip install 'infdit[plot]', or matplotlib by itself",
        ) from err
