"""``infdit upscale``: one picture, made larger."""

from typing import Annotated

import typer

from infdit_cli.commands import options, parsing, picture_options
from infdit_cli.commands.destination import destination_of
from infdit_cli.config import UpscaleOptions
from infdit_cli.console import Console
from infdit_cli.machine.start import ensure_room_to_start


def upscale(
    ctx: typer.Context,
    source: picture_options.Source,
    output: picture_options.Output = None,
    scale: picture_options.Scale = None,
    width: picture_options.Width = None,
    height: picture_options.Height = None,
    long_side: picture_options.LongSide = None,
    megapixels: picture_options.Megapixels = None,
    steps: picture_options.Steps = None,
    sampler: picture_options.Sampler = None,
    seed: options.Seed = 0,
    fidelity: picture_options.Fidelity = None,
    device: options.Device = "auto",
    dtype: picture_options.DType = "auto",
    order: picture_options.Order = None,
    block_batch: picture_options.BlockBatch = None,
    memory: picture_options.Memory = None,
    spool: picture_options.SpoolFolder = None,
    weights: options.Weights = "compact",
    toward: picture_options.Toward = None,
    away: picture_options.Away = None,
    guidance: picture_options.Guidance = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the output if it exists.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be done, as infdit plan does.")
    ] = False,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Upscale a picture and print the path of the result."""
    console: Console = ctx.obj
    console.begin(json=json, quiet=quiet)
    wanted = UpscaleOptions(
        target=parsing.target(scale, width, height, long_side, megapixels),
        fidelity=fidelity,
        steps=steps,
        sampler=sampler,
        seed=seed,
        device=device,
        dtype=dtype,
        order=order,
        block_batch=parsing.block_batch(block_batch) if block_batch is not None else None,
        text=parsing.text_control(toward, away, guidance),
        overwrite=overwrite,
        memory=parsing.memory(memory) if memory is not None else None,
        spool=spool,
    )
    destination = destination_of(source, output, wanted.target)
    with console.progress() as on_event:
        ensure_room_to_start()
        if dry_run:
            from infdit_cli.api import plan as planning

            console.result(planning.plan(source, destination, wanted, weights=weights))
            return
        from infdit_cli.api import upscale as api

        result = api.upscale(source, destination, wanted, weights=weights, on_event=on_event)
    console.result(result)
