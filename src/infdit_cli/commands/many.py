"""A batch of pictures, upscaled or planned one after the other."""

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial

from infdit_cli.batch import BatchItem, Request
from infdit_cli.config import DeviceName, UpscaleOptions
from infdit_cli.console import Console
from infdit_cli.events import Noted
from infdit_cli.machine.loading import loading
from infdit_cli.machine.start import ensure_room_to_start


def upscale_many(
    console: Console,
    request: Request,
    wanted: UpscaleOptions,
    devices: Sequence[DeviceName],
) -> None:
    """Upscale pictures, telling each as it is finished, and sum up; several devices share them.

    Raises:
        SomeFailed: If any failed.
    """
    items = _found(console, request, wanted)
    told = console.batch(len(items), restores_unasked=wanted.restore is None, overwrites=wanted.overwrite)
    with told as report, console.progress() as on_event:
        upscale_all = _on(devices)
        upscale_all(
            items,
            wanted,
            output=request.output,
            on_event=on_event,
            on_outcome=report.take,
        )
    report.check()


def plan_many(console: Console, request: Request, wanted: UpscaleOptions) -> None:
    """Say what upscaling pictures would take, one after the other, and sum up.

    Raises:
        SomeFailed: If any would fail.
    """
    items = _found(console, request, wanted)
    with (
        console.planned_batch(len(items), restores_unasked=wanted.restore is None) as report,
        console.progress(),
    ):
        with loading():
            from infdit_cli.api import batch

        batch.plan_all(items, wanted, output=request.output, on_outcome=report.take)
    report.check()


def _found(console: Console, request: Request, wanted: UpscaleOptions) -> tuple[BatchItem, ...]:
    ensure_room_to_start()
    from infdit_cli.api import find

    with console.progress() as on_event:
        items = find.find_pictures(request, wanted, on_event=on_event)
        if not items:
            on_event(Noted(_nothing(find.not_taken(request))))
    return items


def _nothing(others: Counter[str]) -> str:
    if not others:
        return "no pictures found"
    [(suffix, count)] = others.most_common(1)
    pattern = f"--pattern '*{suffix}' takes {count} of them"
    return f"no pictures of the usual kinds found, but {others.total()} of others: {pattern}"


def _on(devices: Sequence[DeviceName]) -> Callable[..., None]:
    """Return what upscales a batch on one device in this process, on several in a process each."""
    if len(devices) == 1:
        with loading():
            from infdit_cli.api import batch

        return batch.upscale_all
    from infdit_cli.api import crew

    return partial(crew.upscale_all_on, devices)
