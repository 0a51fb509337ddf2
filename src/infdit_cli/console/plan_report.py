"""A plan in words: a few lines on the job, then the account of each pass."""

from __future__ import annotations

from collections.abc import Iterator

from infdit_cli import amounts
from infdit_cli.config import Place
from infdit_cli.console import wording
from infdit_cli.results import PlannedPass, PlanResult


def plan_lines(result: PlanResult) -> Iterator[str]:
    """Yield the lines of a plan, labels aligned."""
    places = _places(result)
    yield _line("picture", f"{result.source}, {wording.pixels(result.source_size)}")
    yield _line("output", f"{result.destination}, {result.container}, {wording.pixels(result.size)}")
    name = wording.model(result.weights, result.restore)
    yield _line("model", f"{name}, {wording.steps(result.steps)}, {result.device} {result.dtype}")
    allowed = f"{amounts.memory(result.device_bytes)} of the {amounts.memory(result.budget_bytes)} allowed"
    yield _line(places["device"], allowed)
    if result.host_bytes:
        yield _line(places["host"], amounts.memory(result.host_bytes))
    output = f"the {result.container} at most {amounts.size(result.output_bytes)}"
    yield _line("disk", f"{amounts.size(result.disk_bytes)} while working, {output}")
    yield _line(
        "time",
        f"about {wording.duration(result.seconds)}, {wording.NOT_PLANNED}",
    )
    for number, each in enumerate(result.passes, start=1):
        yield ""
        yield _headline(each, f"pass {number} of {len(result.passes)}")
        yield from _account(each, places)
    if finishing := _finishing(result):
        yield ""
        yield f"then: {finishing}"


def _finishing(result: PlanResult) -> str:
    """Say what is done with the last pass's picture; empty if it is final."""
    resized = f"resized to {wording.pixels(result.size)}" if result.passes[-1].size != result.size else ""
    corrected = f"corrected towards the input, fidelity {result.fidelity:g}" if result.fidelity else ""
    return ", ".join(filter(None, (resized, corrected)))


def _headline(each: PlannedPass, which: str) -> str:
    walk = {"block": "block by block", "step": "step by step"}[each.order]
    blocks = f"{each.block_batch.height}x{each.block_batch.width} blocks"
    times = "at once" if each.num_visits == 1 else f"at a time, {each.num_visits:,} times"
    return f"{which}: {wording.pixels(each.size)}, {walk}, {blocks} {times}"


def _account(each: PlannedPass, places: dict[Place, str]) -> Iterator[str]:
    width = max(len(item.name) for item in each.items)
    where = max(len(name) for name in places.values())
    for item in each.items:
        amount = amounts.size(item.nbytes) if item.place == "disk" else amounts.memory(item.nbytes)
        yield f"  {item.name:<{width}}  {places[item.place]:<{where}}  {amount:>10}"


def _places(result: PlanResult) -> dict[Place, str]:
    """Name the places as the user of this device knows them."""
    device = "GPU memory" if result.device.startswith("cuda") else "memory"
    return {"device": device, "host": "host memory", "disk": "disk"}


def _line(label: str, text: str) -> str:
    return f"{label:<11}  {wording.printable(text)}"
