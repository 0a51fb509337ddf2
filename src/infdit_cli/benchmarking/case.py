"""What a process that measures is told, as plain data: the process that waits has no torch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from infdit_cli.benchmarking.request import BenchRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchCase:
    """What one process measures.

    Args:
        request: What the whole benchmark was asked for.
        size_px: Side of the square output.
        folder: Where it may write.
        matrix_flops_per_s: What the device multiplies at best.
    """

    request: BenchRequest
    size_px: int
    folder: Path
    matrix_flops_per_s: float
