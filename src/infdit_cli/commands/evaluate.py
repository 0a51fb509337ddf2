"""``infdit eval``: how close the upscaled photos come to the originals."""

from typing import Annotated

import typer

from infdit_cli.commands import options, parsing
from infdit_cli.console import Console
from infdit_cli.machine.start import ensure_room_to_start


def evaluate(
    ctx: typer.Context,
    data: options.Data,
    weights: options.Weights = "compact",
    steps: Annotated[
        str, typer.Option(metavar="N,N,...", help="Numbers of sampling steps to compare.")
    ] = "0,1,4",
    against: Annotated[
        str, typer.Option(metavar="NAME,...", help="Resamplers to compare with: bicubic, lanczos.")
    ] = ",".join(parsing.RESAMPLERS),
    limit: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help="Take only the first N photos.", show_default="all"),
    ] = None,
    device: options.Device = "auto",
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Shrink photos four times, upscale them again, and print how close each method comes.

    The table has a row for each photo with PSNR on Y and the gain over Lanczos, then the means.
    """
    console: Console = ctx.obj
    console.begin(json=json, quiet=quiet)
    step_counts, methods = parsing.step_counts(steps), parsing.resamplers(against)
    with console.progress() as on_event:
        ensure_room_to_start()
        from infdit_cli.api import evaluate as api

        result = api.evaluate(
            data,
            weights=weights,
            steps=step_counts,
            against=methods,
            device=device,
            limit=limit,
            on_event=on_event,
        )
    console.result(result)
