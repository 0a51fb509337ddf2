"""A benchmark in words: where and what was measured, then a row for each resolution."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from infdit_cli import amounts
from infdit_cli.benchmarking.peers import PEER_TITLES
from infdit_cli.config import PeerName
from infdit_cli.console import wording
from infdit_cli.errors import DoesNotFit
from infdit_cli.geometry import Size
from infdit_cli.results import (
    BenchResult,
    Measurement,
    PeerMeasurement,
    Timing,
    Unmeasured,
    UnmeasuredPeer,
)

# The last says nothing new where the CPU computes.
_COLUMNS = (
    "s a picture",
    "s an evaluation",
    "MP/s",
    "of matrices",
    "peak",
    "planned",
    "whole",
    "host peak",
)
_PEER_COLUMNS = ("s an evaluation", "peak")


def bench_lines(result: BenchResult) -> Iterator[str]:
    """Yield a few lines on machine and model, and the tables, whose rows fit no column where one failed."""
    machine, model = result.machine, result.model
    threads = f"{machine.num_threads} threads"
    load = " ".join(f"{each:.2f}" for each in machine.load_average) or "unknown"
    where = f"{model.device} {model.dtype}"
    evaluated = wording.evaluations(model.evaluations)
    yield _line("machine", f"{machine.cpu}, {machine.num_cores} cores, {threads}, load {load}")
    if machine.gpu:
        yield _line("GPU", f"{machine.gpu}, {amounts.memory(machine.memory_bytes)}")
    yield _line("program", f"infdit {machine.infdit}, torch {machine.torch}, Python {machine.python}")
    yield _line("model", f"{model.weights}, {wording.steps(model.steps)}, {evaluated}, {where}")
    yield _line("matrices", f"{result.matrix_flops_per_s / 1e9:,.0f} GFLOP/s at best")
    yield _line("runs", f"1 not timed, {result.repeats} timed: median (fastest to slowest)")
    yield ""
    yield from _own_table(result)
    names = [row.name for row in result.against] + [row.name for row in result.unmeasured_against]
    for name in dict.fromkeys(names):
        yield ""
        yield from _peer_table(result, name)


def _own_table(result: BenchResult) -> Iterator[str]:
    columns = _COLUMNS if result.machine.gpu else _COLUMNS[:-1]
    cells = {row.size_px: _cells(row)[: len(columns)] for row in result.measured}
    return _table(columns, cells, {row.size_px: _note(row) for row in result.unmeasured})


def _peer_table(result: BenchResult, name: PeerName) -> Iterator[str]:
    """Yield what a network of others is, and its table."""
    measured = [row for row in result.against if row.name == name]
    parameters = [f"{wording.millions(row.parameters)} parameters" for row in measured[:1]]
    yield ", ".join([PEER_TITLES[name], *parameters, "random weights, one evaluation"])
    notes = {row.size_px: _note(row) for row in result.unmeasured_against if row.name == name}
    yield from _table(_PEER_COLUMNS, {row.size_px: _peer_cells(row) for row in measured}, notes)


def _table(
    columns: Sequence[str], cells: Mapping[int, Sequence[str]], notes: Mapping[int, str]
) -> Iterator[str]:
    """Yield a row for each resolution, by size; where one could not be measured its row says why.

    Args:
        columns: Their names.
        cells: What stands below them, by the side of the output.
        notes: What stands there instead.
    """
    sides = ["output", *map(_side, (*cells, *notes))]
    widths = [max(map(len, column)) for column in zip(columns, *cells.values(), strict=True)]
    side_width = max(map(len, sides))
    yield _row("output", columns, side_width, widths)
    for size_px in sorted((*cells, *notes)):
        if size_px in notes:
            yield f"{_side(size_px):<{side_width}}  {wording.printable(notes[size_px])}"
        else:
            yield _row(_side(size_px), cells[size_px], side_width, widths)


def _row(side: str, cells: Sequence[str], side_width: int, widths: Sequence[int]) -> str:
    return "  ".join([f"{side:<{side_width}}", *map(str.rjust, cells, widths)])


def _cells(row: Measurement) -> list[str]:
    return [
        _timing(row.picture),
        _timing(row.evaluation),
        f"{row.megapixels_per_s:.3g}",
        f"{row.peak_share:.0%}",
        amounts.memory(row.peak_bytes),
        amounts.memory(row.planned_bytes),
        amounts.memory(row.whole_picture_bytes),
        amounts.memory(row.peak_host_bytes),
    ]


def _peer_cells(row: PeerMeasurement) -> list[str]:
    return [_timing(row.evaluation), amounts.memory(row.peak_bytes)]


def _note(row: Unmeasured | UnmeasuredPeer) -> str:
    return f"does not fit: {row.message}" if row.type == DoesNotFit.__name__ else row.message


def _timing(timing: Timing) -> str:
    median, fastest, slowest = (f"{each:.3g}" for each in (timing.median, timing.fastest, timing.slowest))
    return median if len(timing.runs) == 1 else f"{median} ({fastest} to {slowest})"


def _side(size_px: int) -> str:
    return wording.sides(Size(size_px, size_px))


def _line(label: str, text: str) -> str:
    return f"{label:<9}  {wording.printable(text)}"
