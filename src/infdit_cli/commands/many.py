"""A batch of pictures, upscaled one after the other."""

from infdit_cli.batch import Request
from infdit_cli.config import UpscaleOptions
from infdit_cli.console import Console
from infdit_cli.events import Noted
from infdit_cli.machine.start import ensure_room_to_start


def upscale_many(console: Console, request: Request, wanted: UpscaleOptions, weights: str) -> None:
    """Upscale pictures, telling each as it is finished, and sum up.

    Raises:
        SomeFailed: If any failed.
    """
    ensure_room_to_start()
    from infdit_cli.api import find

    with console.progress() as on_event:
        items = find.find_pictures(request, wanted, weights=weights)
        if not items:
            on_event(Noted("no pictures found"))
    with console.batch(len(items)) as report, console.progress() as on_event:
        from infdit_cli.api import batch

        batch.upscale_all(
            items,
            wanted,
            output=request.output,
            weights=weights,
            on_event=on_event,
            on_outcome=report.take,
        )
    report.check()
