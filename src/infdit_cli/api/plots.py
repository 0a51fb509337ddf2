"""Plots, which need a matplotlib that not everybody has: checked before the work, written after it."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

from infdit_cli.errors import MissingExtra, OptionError, OutputError
from infdit_cli.files import check_destination, check_folder, replacing_output

PLOT_SUFFIXES = (".png", ".svg", ".pdf")
BENCH_PLOT = "infdit_cli.benchmarking.plot"
DIAL_PLOT = "infdit_cli.evaluation.dial"
CURVES_PLOT = "infdit_cli.training.curves"


def check_plot(path: Path, module: str) -> None:
    """Fail now if a plot could not be drawn later; measuring may take hours.

    Raises:
        MissingExtra: If there is no matplotlib to plot with.
        OptionError: If the file has another suffix than ``PLOT_SUFFIXES``.
        OutputNotWritable: If its folder is missing or closed to us, or its name is a folder's.
    """
    if path.suffix.lower() not in PLOT_SUFFIXES:
        raise OptionError(
            f"--plot is {path}; its suffix chooses the format", hint=f"one of {', '.join(PLOT_SUFFIXES)}"
        )
    _plotting(module)
    check_place(path)


def check_place(path: Path) -> None:
    """Fail now if a file could not be written later.

    Raises:
        OutputNotWritable: If its folder is missing or closed to us, or its name is a folder's.
    """
    check_folder(path.parent)
    check_destination(path, overwrite=True)


def write_plot(path: Path, module: str, drawn: object) -> None:
    """Draw something; the file appears whole or not at all.

    Args:
        path: Its suffix chooses the format.
        module: Whose ``draw`` is called.
        drawn: What it draws.

    Raises:
        MissingExtra: If there is no matplotlib to plot with.
        OutputError: If the disk is full or fails, or it cannot be drawn.
    """
    draw = _plotting(module).draw
    with replacing_output(path) as temporary:
        try:
            draw(drawn, temporary)
        except (OSError, MemoryError):
            raise
        except Exception as err:  # a name or a font may be too much for matplotlib; what is drawn is done
            raise OutputError(f"{path}: could not be drawn: {err}") from err


def _plotting(module: str) -> Any:
    try:
        return import_module(module)
    except (ImportError, ValueError) as err:  # ValueError: MPLBACKEND names nothing
        raise MissingExtra(
            f"a plot needs matplotlib, which cannot be imported: {err}",
            hint="pip install matplotlib",
        ) from err
