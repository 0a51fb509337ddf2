"""In which pieces a picture is finished after the last pass, and the memory that takes."""

from __future__ import annotations

from infdit_cli.config import PICTURE_CHANNELS
from infdit_cli.geometry import Size
from infdit_cli.plan.passes import Route
from infdit_cli.plan.units import FLOAT32_BYTES

# Side of the window that is read for a piece, before what the kernels reach beyond it.
WINDOW_PX = 512
MOST_PX = 256
# Pixels of the coarser picture that a piece reads beyond itself: three to each side for Lanczos.
REACH_PX = 6
# Window-sized float pictures alive at once: as read, resized down and across, and at another size.
LIVE_WINDOWS = 4
# Each pixel that is read in a sweep or written: 0.06 to 0.3 us on two busy AVX2 cores, 2026-11-21.
SECONDS_PER_PX = 0.12e-6


def finishing_piece(size: Size, made: Size) -> Size:
    """Return the piece of a picture of ``size`` that is computed at once from one of ``made``."""
    side = max(min(WINDOW_PX // fineness(size, made), MOST_PX), 1)
    return Size(side, side)


def finishing_bytes(route: Route) -> int:
    """Return the most bytes that finishing holds; 0 where the last pass's picture is final."""
    made = route.passes[-1]
    coarsest = route.source if route.fidelity else route.target
    piece, ratio = finishing_piece(coarsest, made), fineness(coarsest, made)
    window = Size(piece.height + REACH_PX, piece.width + REACH_PX).scaled(ratio).clipped(made)
    return window.area * PICTURE_CHANNELS * FLOAT32_BYTES * LIVE_WINDOWS if route.finished_apart else 0


def finishing_seconds(route: Route) -> float:
    """Return the expected time of finishing: each sweep reads what was made, one writes the output."""
    sweeps = 1 + (route.fidelity > 0)
    read, written = sweeps * route.passes[-1].area, route.target.area
    return (read + written) * SECONDS_PER_PX if route.finished_apart else 0.0


def fineness(size: Size, made: Size) -> int:
    """Return how many times finer ``made`` is than ``size``, at least 1."""
    return max(*made.ceil_div_by(size), 1)
