"""``infdit plan``: what an upscale would take, before it takes it."""

from pathlib import Path

import typer

from infdit_cli.commands import options, parsing, picture_options
from infdit_cli.commands.arguments import Arguments
from infdit_cli.commands.destination import ends_like_a_folder
from infdit_cli.commands.one import plan_one
from infdit_cli.config import DEFAULT_WEIGHTS, UpscaleOptions
from infdit_cli.console import Console


def plan(
    ctx: typer.Context,
    source: picture_options.Source,
    output: picture_options.Output = None,
    scale: picture_options.Scale = None,
    width: picture_options.Width = None,
    height: picture_options.Height = None,
    long_side: picture_options.LongSide = None,
    megapixels: picture_options.Megapixels = None,
    weights: options.Weights = DEFAULT_WEIGHTS,
    steps: picture_options.Steps = None,
    sampler: picture_options.Sampler = None,
    fidelity: picture_options.Fidelity = None,
    device: options.Device = "auto",
    dtype: picture_options.DType = "auto",
    order: picture_options.Order = None,
    block_batch: picture_options.BlockBatch = None,
    memory: picture_options.Memory = None,
    spool: picture_options.SpoolFolder = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Say what upscaling a picture would take: sizes, memory by what holds it, disk and time.

    No picture is written; the first time, the machine's speed is measured and kept in the cache folder.
    """
    console: Console = ctx.obj
    console.begin(json=json, quiet=quiet)
    wanted = UpscaleOptions(
        target=parsing.target(scale, width, height, long_side, megapixels),
        weights=weights,
        fidelity=fidelity,
        steps=steps,
        sampler=sampler,
        device=device,
        dtype=dtype,
        order=order,
        block_batch=parsing.block_batch(block_batch) if block_batch is not None else None,
        overwrite=True,
        memory=parsing.memory(memory) if memory is not None else None,
        spool=spool,
        make_folder=ends_like_a_folder(output or ""),
    )
    plan_one(console, Arguments(inputs=(Path(source),), output=output), wanted)
