"""From the machine's memory and a person's wishes to a plan for each pass."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from infdit_cli.api.calibration import calibrated
from infdit_cli.config import MemoryLimit, UpscaleOptions
from infdit_cli.engine import Upscaler
from infdit_cli.geometry import Size
from infdit_cli.machine.devices import device_memory
from infdit_cli.machine.disk import free_bytes
from infdit_cli.machine.host import host_memory
from infdit_cli.machine.process import resident_bytes
from infdit_cli.plan import Budget, Plan, Route, Wishes, Workload, finishing_bytes, make_plan

# What is left to other programs, and to what no plan counts, where the user names no limit.
SHARE = 0.8
# What the process takes on top while it runs, whatever the plan: kernels and their scratch, threads, encoder.
RUNNING_BYTES = 64 << 20


class Planner:
    """Plans the passes of one job.

    Args:
        upscaler: The model, in memory already, as is the picture.
        options: Order, super-blocks and memory as far as the user fixed them.
        work: Folder for temporary files.
        disk_bytes: What the job writes whatever the plan.
    """

    def __init__(self, upscaler: Upscaler, options: UpscaleOptions, *, work: Path, disk_bytes: int) -> None:
        self._upscaler = upscaler
        self._wishes = Wishes(
            order=options.order, batch=Size(*options.block_batch) if options.block_batch else None
        )
        self._disk_bytes = disk_bytes
        self._resident_bytes = resident_bytes()
        self.budget = self._budget(options.memory, work)

    def plans(self, route: Route) -> tuple[Plan, ...]:
        """Return a plan for each pass of ``route``.

        Raises:
            DoesNotFit: If a pass cannot be done within the budget.
        """
        works = list(self._workloads(route))
        plans = self._planned(works, self._wishes)
        places = {plan.layout.weights_place for plan in plans}
        # Weights do not move between passes: if one pass has no room for them, none has.
        if len(places) > 1:
            plans = self._planned(works, replace(self._wishes, weights_place="host"))
        return plans

    def _planned(self, works: Iterable[Workload], wishes: Wishes) -> tuple[Plan, ...]:
        speed = calibrated(self._upscaler)
        return tuple(make_plan(work, self.budget, speed, wishes) for work in works)

    def _workloads(self, route: Route) -> Iterable[Workload]:
        for source, size in pairwise((route.source, *route.passes)):
            work = self._upscaler.workload(source, size=size)
            # The weights are in host memory already, and counted with the rest of the process.
            held = self._resident_bytes - work.weights_bytes + RUNNING_BYTES
            yield replace(
                work,
                host_bytes=max(held, 0),
                disk_bytes=self._disk_bytes,
                finishing_bytes=finishing_bytes(route) if size == route.passes[-1] else 0,
            )

    def _budget(self, limit: MemoryLimit | None, work: Path) -> Budget:
        host = host_memory()
        host_bytes = self._resident_bytes + host.free_bytes
        disk_bytes = free_bytes(work)
        if self._upscaler.device.type != "cuda":
            return Budget(
                device_bytes=_allowed(limit, host.total_bytes, host_bytes),
                host_bytes=host_bytes,
                disk_bytes=disk_bytes,
            )
        device = device_memory(self._upscaler.device)
        return Budget(
            device_bytes=_allowed(limit, device.total_bytes, device.free_bytes),
            host_bytes=self._resident_bytes + int(SHARE * host.free_bytes),
            disk_bytes=disk_bytes,
        )


def _allowed(limit: MemoryLimit | None, total_bytes: int, reachable_bytes: int) -> int:
    """Return what may be taken: the user's word, but never more than there is."""
    return int(SHARE * reachable_bytes) if limit is None else min(limit.of(total_bytes), reachable_bytes)
