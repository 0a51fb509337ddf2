"""What the measurements of a benchmark have in common, as plain data: the process that waits has no torch."""

from __future__ import annotations

from dataclasses import dataclass

from infdit_cli.results import BenchMachine, BenchModel


@dataclass(frozen=True, slots=True, kw_only=True)
class Probed:
    """The answer of the first process; the fields are those of ``BenchResult``."""

    machine: BenchMachine
    model: BenchModel
    matrix_flops_per_s: float
