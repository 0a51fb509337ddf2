"""Plots, which need a matplotlib that not everybody has: checked before the work, written after it."""

from __future__ import annotations

from enum import Enum
from importlib import import_module
from pathlib import Path
from typing import Any

from infdit_cli.errors import MissingExtra, OptionError, OutputError
from infdit_cli.files import check_destination, check_folder, replacing_output

PLOT_SUFFIXES = (".png", ".svg", ".pdf")


class Plot(Enum):
    """What can be drawn, by the module whose ``draw`` does it: imported only then, it brings matplotlib."""

    BENCH = "infdit_cli.benchmarking.plot"
    PERCEPTION_DISTORTION = "infdit_cli.evaluation.perception_distortion"
    CURVES = "infdit_cli.training.curves"


def check_plot(path: Path, plot: Plot) -> None:
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
    _plotting(plot)
    check_place(path)


def check_place(path: Path) -> None:
    """Fail now if a file could not be written later.

    Raises:
        OutputNotWritable: If its folder is missing or closed to us, or its name is a folder's.
    """
    check_folder(path.parent)
    check_destination(path, overwrite=True)


def write_plot(path: Path, plot: Plot, drawn: object) -> None:
    """Draw something; the file appears whole or not at all.

    Args:
        path: Its suffix chooses the format.
        plot: Which plot.
        drawn: What its ``draw`` takes.

    Raises:
        MissingExtra: If there is no matplotlib to plot with.
        OutputError: If the disk is full or fails, or it cannot be drawn.
    """
    draw = _plotting(plot).draw
    with replacing_output(path) as temporary:
        try:
            draw(drawn, temporary)
        except (OSError, MemoryError):
            raise
        except Exception as err:  # a name or a font may be too much for matplotlib; what is drawn is done
            raise OutputError(f"{path}: could not be drawn: {err}") from err


def _plotting(plot: Plot) -> Any:
    try:
        return import_module(plot.value)
    except (ImportError, ValueError) as err:  # ValueError: MPLBACKEND names nothing
        raise MissingExtra(
            f"a plot needs matplotlib, which cannot be imported: {err}",
            hint="pip install matplotlib",
        ) from err
