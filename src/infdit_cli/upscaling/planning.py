"""From the machine's memory and a person's wishes to a plan for each pass."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from infdit_cli.config import MemoryLimit, UpscaleOptions
from infdit_cli.engine import Upscaler
from infdit_cli.errors import DoesNotFit
from infdit_cli.files import free_bytes
from infdit_cli.geometry import Size
from infdit_cli.machine.devices import device_memory, has_own_memory, held_device_bytes
from infdit_cli.machine.host import host_memory
from infdit_cli.machine.process import resident_bytes
from infdit_cli.machine.ulimits import how_to_raise
from infdit_cli.plan import (
    Budget,
    JobBytes,
    Layout,
    Plan,
    Route,
    Wishes,
    Workload,
    alpha_seconds,
    finishing_bytes,
    make_plan,
)
from infdit_cli.tiles import DiskNeeds
from infdit_cli.upscaling.calibration import calibrated
from infdit_cli.upscaling.sharing import UNSHARED, Sharing

# What is left to other programs, and to what no plan counts, where the user names no limit.
SHARE = 0.8
# What the process takes on top while it runs, whatever the plan: kernels and their scratch, threads, encoder.
RUNNING_BYTES = 64 << 20


class Planner:
    """Plans the passes of one job.

    Args:
        upscaler: The model.
        options: Order, super-blocks and memory as far as the user fixed them.
        disk: What it takes of the disks.
        held_bytes: What the process holds beside the model and what the plan adds.
        aside_bytes: What the job holds before or after computing, each time instead of it.
        sharing: How many processes divide what is free.
    """

    def __init__(
        self,
        upscaler: Upscaler,
        options: UpscaleOptions,
        *,
        disk: DiskNeeds,
        held_bytes: int,
        aside_bytes: int,
        sharing: Sharing = UNSHARED,
    ) -> None:
        self._upscaler = upscaler
        self._wishes = Wishes(
            order=options.order, super_block=Size(*options.block_batch) if options.block_batch else None
        )
        self._written_bytes = disk.computing_bytes
        self._aside_bytes = aside_bytes
        self._held_bytes = held_bytes
        self._limited = options.memory is not None
        self.budget = self._budget(options, free_bytes(disk.work) + disk.kept_bytes, sharing)

    def plans(self, route: Route, *, like: Sequence[Layout] | None = None) -> tuple[Plan, ...]:
        """Return a plan for each pass of ``route``.

        Args:
            route: What is done to the picture.
            like: Layouts whose order and super-blocks are to be kept, one for each pass; where things lie
                may change.

        Raises:
            DoesNotFit: If a pass cannot be done within the budget.
        """
        works = list(self.workloads(route))
        wishes = [Wishes(order=each.order, super_block=each.super_block) for each in like or ()]
        wishes = wishes or [self._wishes] * len(works)
        plans = self._planned(works, wishes)
        places = {plan.layout.weights_place for plan in plans}
        # Weights do not move between passes: if one pass has no room for them, none has.
        if len(places) > 1:
            plans = self._planned(works, [replace(each, weights_place="host") for each in wishes])
        return plans

    def alpha_seconds(self, route: Route) -> float:
        """Return the expected time of enlarging an alpha channel by the base."""
        return alpha_seconds(self._upscaler.config, route, calibrated(self._upscaler))

    def workloads(self, route: Route) -> Iterable[Workload]:
        """Yield what each pass of ``route`` is to compute, with what this process holds already."""
        for source, size in pairwise((route.source, *route.passes)):
            work = self._upscaler.workload(source, size=size)
            job_bytes = JobBytes(
                process=self._held_bytes + RUNNING_BYTES,
                written=self._written_bytes,
                finishing=finishing_bytes(route) if size == route.passes[-1] else 0,
                aside=self._aside_bytes,
            )
            yield replace(work, job_bytes=job_bytes)

    def _planned(self, works: Iterable[Workload], wishes: Iterable[Wishes]) -> tuple[Plan, ...]:
        speed = calibrated(self._upscaler)
        plans, refusals = [], []
        for work, each in zip(works, wishes, strict=True):
            try:
                plans.append(make_plan(work, self.budget, speed, each))
            except DoesNotFit as err:
                refusals.append(err)
        if refusals:
            # The amount that it advises must do for all passes.
            most = max(refusals, key=lambda refusal: refusal.needed_bytes)
            raise self._with_who_limits(most) from most
        return tuple(plans)

    def _with_who_limits(self, err: DoesNotFit) -> DoesNotFit:
        """Name the limit where it is neither the user's word nor the machine's own memory."""
        source = host_memory().source
        if self._limited or source not in {"container", "ulimit"}:
            return err
        hint = how_to_raise() if source == "ulimit" else "give the container a larger limit"
        return err.reworded(f"{err.message} (limited by the {source})", hint=hint)

    def _budget(self, options: UpscaleOptions, disk_bytes: int, sharing: Sharing) -> Budget:
        host, limit = host_memory(), options.memory
        resident = resident_bytes()
        host_free = host.free_bytes // sharing.num_on_host
        host_bytes = resident + host_free
        if not has_own_memory(self._upscaler.device):
            return Budget(
                device_bytes=allowed_bytes(limit, host.total_bytes, host_bytes),
                host_bytes=host_bytes,
                disk_bytes=disk_bytes,
            )
        device = device_memory(self._upscaler.device)
        # From the second picture of a batch on the weights lie there, and every plan counts them.
        held = held_device_bytes(self._upscaler.device)
        reachable = held + device.free_bytes // sharing.num_on_device
        return Budget(
            device_bytes=allowed_bytes(limit, device.total_bytes, reachable),
            host_bytes=resident + int(SHARE * host_free),
            disk_bytes=disk_bytes,
        )


def allowed_bytes(limit: MemoryLimit | None, total_bytes: int, reachable_bytes: int) -> int:
    """Return what may be taken: the user's word, but never more than there is."""
    return int(SHARE * reachable_bytes) if limit is None else min(limit.of(total_bytes), reachable_bytes)
