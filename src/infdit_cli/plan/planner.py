"""Choose the fastest layout that fits a budget."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import get_args

from infdit_cli import amounts
from infdit_cli.config import Place, VisitOrder
from infdit_cli.errors import DoesNotFit
from infdit_cli.geometry import Size
from infdit_cli.plan.cost import Speed, seconds
from infdit_cli.plan.memory import account
from infdit_cli.plan.schedule import Walk
from infdit_cli.plan.workload import Budget, Layout, Workload
from infdit_cli.results import PlannedItem


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the user fixed; ``None`` leaves the choice to the planner.

    Args:
        order: Order of visits.
        super_block: Blocks down and across a super-block.
        weights_place: Where the weights lie; for the passes of one job it must be the same.
    """

    order: VisitOrder | None = None
    super_block: Size | None = None
    weights_place: Place | None = None


NO_WISHES = Wishes()
PLACES: tuple[Place, ...] = get_args(Place)
ADVICE_MIB = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How a picture will be walked, and what that takes.

    Args:
        layout: What was chosen.
        items: The account of its bytes.
        num_visits: Super-block evaluations.
        seconds: Expected time, without reading and encoding.
    """

    layout: Layout
    items: tuple[PlannedItem, ...]
    num_visits: int
    seconds: float

    @property
    def order(self) -> VisitOrder:
        """Step-major or block-major."""
        return self.layout.order

    @property
    def super_block(self) -> Size:
        """Blocks down and across a super-block."""
        return self.layout.super_block

    @property
    def device_bytes(self) -> int:
        """Bytes of the compute device's memory; on a CPU, of the whole process."""
        return self.bytes_at("device")

    @property
    def host_bytes(self) -> int:
        """Bytes of host memory beside a device that has a memory of its own."""
        return self.bytes_at("host")

    @property
    def disk_bytes(self) -> int:
        """Bytes of temporary files, the raw output among them."""
        return self.bytes_at("disk")

    def bytes_at(self, place: Place) -> int:
        """Return the bytes of all items at ``place``."""
        return sum(item.nbytes for item in self.items if item.place == place)


def make_plan(work: Workload, budget: Budget, speed: Speed, wishes: Wishes = NO_WISHES) -> Plan:
    """Return the fastest plan within ``budget``; among equally fast ones the smallest.

    The candidates do not depend on the budget, so more of it never gives a slower plan, and less of it
    never a larger one.

    Raises:
        DoesNotFit: If there is none; the message names the smallest budget that would do.
    """
    plans = [_costed(work, layout, speed) for layout in layouts(work, wishes)]
    fitting = [plan for plan in plans if _fits(plan, budget)]
    if not fitting:
        raise _does_not_fit(plans, budget, unified=work.device.unified)
    return min(fitting, key=_rank)


def roomiest_layout(work: Workload) -> Layout:
    """Return the layout for when memory is no concern."""
    return Layout(order="block", super_block=list(_super_blocks(work))[-1])


def layouts(work: Workload, wishes: Wishes) -> Iterator[Layout]:
    """Yield every layout that is worth considering, in a fixed order."""
    sizes = [wishes.super_block.clipped(work.grid)] if wishes.super_block else list(_super_blocks(work))
    places: tuple[Place, ...] = ("device", "disk") if work.device.unified else ("device", "host", "disk")
    weights: tuple[Place, ...] = ("device",) if work.device.unified else ("device", "host")
    weights = (wishes.weights_place,) if wishes.weights_place else weights
    orders: tuple[VisitOrder, ...] = (wishes.order,) if wishes.order else ("block", "step")
    for order, size, kv, canvas, where in product(orders, sizes, places, places, weights):
        if order == "step" or canvas == "device":  # block-major has no canvas to place
            yield Layout(order=order, super_block=size, kv_place=kv, canvas_place=canvas, weights_place=where)


def _super_blocks(work: Workload) -> Iterator[Size]:
    """Yield super-blocks of one block, two, four and so on, near square: their halo is smallest."""
    most = max(work.device.max_tokens // work.config.block_tokens, 1)
    areas = (1 << power for power in range(most.bit_length()))
    yield from dict.fromkeys(_near_square(area, work.grid) for area in areas)


def _near_square(area: int, grid: Size) -> Size:
    """Return ``area`` blocks as a rectangle inside ``grid``; a thin picture has long ones."""
    rows = min(1 << (area.bit_length() - 1) // 2, grid.height)
    cols = min(area // rows, grid.width)
    return Size(min(area // cols, grid.height), cols)


def _costed(work: Workload, layout: Layout, speed: Speed) -> Plan:
    return Plan(
        layout=layout,
        items=account(work, layout),
        num_visits=Walk(work.grid, layout, work.num_evaluations).num_visits,
        seconds=seconds(work, layout, speed),
    )


def _rank(plan: Plan) -> tuple[float, int]:
    return plan.seconds, plan.device_bytes + plan.host_bytes + plan.disk_bytes


def _fits(plan: Plan, budget: Budget) -> bool:
    return not _lacks(plan, budget)


def _lacks(plan: Plan, budget: Budget) -> frozenset[Place]:
    """Return where the plan needs more than there is."""
    return frozenset(place for place in PLACES if plan.bytes_at(place) > budget.bytes_at(place))


def _does_not_fit(plans: list[Plan], budget: Budget, *, unified: bool) -> DoesNotFit:
    """Name the least of the one thing that is short; if more is short, all that the nearest plan needs."""
    for place in PLACES:
        short = [plan for plan in plans if _lacks(plan, budget) == {place}]
        if short:
            least = min(plan.bytes_at(place) for plan in short)
            return _short(place, least, budget.bytes_at(place), unified=unified)
    smallest = min(plans, key=lambda plan: (len(_lacks(plan, budget)), plan.device_bytes))
    places = sorted(_lacks(smallest, budget))
    needs = ", ".join(f"{_amount(place, smallest.bytes_at(place))} of {_WHAT[place]}" for place in places)
    return DoesNotFit(
        f"the picture needs at least {needs}", hint="choose a smaller scale or a larger machine"
    )


_WHAT: dict[Place, str] = {"device": "device memory", "host": "host memory", "disk": "disk"}


def _short(place: Place, needed: int, available: int, *, unified: bool) -> DoesNotFit:
    allowed = f"{amounts.allowed_memory(available)} are allowed"
    if place == "disk":  # rounded, both may look the same
        allowed = f"{amounts.size(available)} are free ({amounts.size(needed - available)} short)"
    what = "memory" if unified and place == "device" else _WHAT[place]
    hints = {
        "device": f"--memory {_advised(needed)}MiB would be enough, if the machine has that much free",
        "host": "close other programs, or choose a smaller scale",
        "disk": "free some space, or name another disk with --spool",
    }
    return DoesNotFit(
        f"the picture needs at least {_amount(place, needed)} of {what}, but only {allowed}",
        hint=hints[place],
        needed_bytes=needed,
    )


def _amount(place: Place, num_bytes: int) -> str:
    return amounts.size(num_bytes) if place == "disk" else amounts.needed_memory(num_bytes)


def _advised(needed: int) -> int:
    """Round up: what a process takes before it plans is never quite the same."""
    return -(-needed // (ADVICE_MIB << 20)) * ADVICE_MIB
