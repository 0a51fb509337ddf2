"""How long a layout takes, from what a probe of the machine measured."""

from __future__ import annotations

from dataclasses import dataclass

from infdit_cli.config import Place
from infdit_cli.plan.memory import canvas_bytes_per_block, kv_block_bytes
from infdit_cli.plan.schedule import Walk
from infdit_cli.plan.workload import Layout, Workload

# Part of the shorter of two overlapped jobs that is waited for all the same: the first copy of a visit has
# nothing to hide behind. A layout that moves less is thus preferred even where all copies are hidden.
EXPOSED_SHARE = 0.1
# Writing a row of a super-block to the spool: 5 us and more for 64 px (AVX2 machine, 2026-11-21).
ROW_S = 6e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """Costs of one model on one machine, all measured but the rate of the disk.

    Args:
        visit_s: Fixed cost of a super-block's evaluation, whatever its size.
        block_s: Additional cost of each block in it.
        base_px_s: Cost of the base for one LR pixel; 0 for models without one.
        host_bytes_per_s: Copies between the device and host memory.
        disk_bytes_per_s: Copies to and from temporary files.
    """

    visit_s: float
    block_s: float
    base_px_s: float
    host_bytes_per_s: float
    disk_bytes_per_s: float


def seconds(work: Workload, layout: Layout, speed: Speed) -> float:
    """Return the expected time of a pass, without reading and encoding."""
    walk = Walk(work.grid, layout, work.num_evaluations)
    # Each sweep computes the base anew.
    around = walk.num_sweeps * _base_s(work, speed) + _painting_s(work, layout)
    if not work.num_evaluations:
        return around
    compute = walk.num_visits * speed.visit_s + work.grid.area * work.num_evaluations * speed.block_s + around
    host, disk = (_moved_bytes(work, layout, walk.num_visits, place) for place in ("host", "disk"))
    return _overlapped(compute, host / speed.host_bytes_per_s + disk / speed.disk_bytes_per_s)


def _base_s(work: Workload, speed: Speed) -> float:
    return work.grid.area * work.config.block_lr_px**2 * speed.base_px_s if work.config.base else 0.0


def _painting_s(work: Workload, layout: Layout) -> float:
    """Return the expected time of writing super-blocks to the spool, each row of each by itself."""
    rows = work.grid.height * work.config.block_px
    return rows * -(-work.grid.width // layout.super_block.width) * ROW_S


def _moved_bytes(work: Workload, layout: Layout, num_visits: int, place: Place) -> int:
    """Return the bytes that cross between the device and ``place`` in a pass."""
    moved = 0
    if layout.kv_place == place:
        moved += num_visits * _kv_blocks_moved(layout) * kv_block_bytes(work.config, work.dtype_bytes)
    if layout.canvas_place == place and layout.order == "step":
        rounds = 2 * (work.num_evaluations - 1)
        moved += rounds * work.grid.area * canvas_bytes_per_block(work.config, work.state_planes)
    if layout.weights_place == place:
        moved += num_visits * work.streamed_bytes
    return moved


def _kv_blocks_moved(layout: Layout) -> int:
    """A super-block reads the row above, the column at its left and the corner, and leaves as much."""
    return 2 * (layout.super_block.height + layout.super_block.width) + 1


def _overlapped(compute: float, copies: float) -> float:
    return max(compute, copies) + EXPOSED_SHARE * min(compute, copies)
