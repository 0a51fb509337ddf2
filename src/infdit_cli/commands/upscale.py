"""``infdit upscale``: one picture, four times larger."""

import os
from pathlib import Path
from typing import Annotated

import typer

from infdit_cli.commands import options, parsing
from infdit_cli.config import DTypeName, SamplerName, UpscaleOptions, VisitOrder
from infdit_cli.console import Console
from infdit_cli.errors import OptionError

SCALE = 4


def upscale(
    ctx: typer.Context,
    source: Annotated[Path, typer.Argument(metavar="INPUT", help="The picture to upscale.")],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE|DIR",
            help="Where to write; the suffix picks the format (png, jpg, webp, tif).",
            show_default="INPUT_x4.png beside the input",
        ),
    ] = None,
    scale: Annotated[
        float, typer.Option(metavar="N", help="How many times larger; 4 for now.", show_default="4")
    ] = SCALE,
    steps: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help="Sampling steps: 0 is fastest and most faithful, more add detail.",
            show_default="the model's own",
        ),
    ] = None,
    sampler: Annotated[
        SamplerName | None,
        typer.Option(
            metavar=options.choices(SamplerName), help="How to sample.", show_default="the model's own"
        ),
    ] = None,
    seed: options.Seed = 0,
    device: options.Device = "auto",
    dtype: Annotated[
        DTypeName,
        typer.Option(
            metavar=options.choices(DTypeName),
            help="Number format of the network; auto takes the fastest safe one.",
        ),
    ] = "auto",
    order: Annotated[
        VisitOrder | None,
        typer.Option(
            metavar=options.choices(VisitOrder),
            help="Sweep the picture step by step, or finish it block by block; only memory differs.",
            show_default="whichever needs less memory",
        ),
    ] = None,
    block_batch: Annotated[
        str | None,
        typer.Option(
            metavar="N|NxM",
            help="Blocks computed at once, as rows x columns; fewer need less memory.",
            show_default="automatic",
        ),
    ] = None,
    weights: options.Weights = "compact",
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the output if it exists.")] = False,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Upscale a picture and print the path of the result."""
    console: Console = ctx.obj
    console.begin(json=json, quiet=quiet)
    wanted = UpscaleOptions(
        scale=supported_scale(scale),
        steps=steps,
        sampler=sampler,
        seed=seed,
        device=device,
        dtype=dtype,
        order=order,
        block_batch=parsing.block_batch(block_batch) if block_batch is not None else None,
        overwrite=overwrite,
    )
    with console.progress() as on_event:
        from infdit_cli import api

        destination = destination_of(source, output)
        result = api.upscale(source, destination, wanted, weights=weights, on_event=on_event)
    console.result(result)


def supported_scale(scale: float) -> int:
    """Return the scale as the model's own.

    Raises:
        OptionError: If it is any other.
    """
    if scale != SCALE:
        raise OptionError(f"--scale is {scale:g}; scales other than {SCALE} are not supported yet")
    return SCALE


def destination_of(source: Path, output: Path | None) -> Path:
    """Return the file asked for, or the default name in the folder asked for or beside the input."""
    if output is None:
        return source.parent / default_name(source)
    # Not Path.is_dir(): where it may not look it raises, and the api is to say so in its own words.
    is_folder = os.path.isdir(output)  # noqa: PTH112
    return output / default_name(source) if is_folder else output


def default_name(source: Path) -> str:
    """Return ``photo_x4.png`` for ``photo.jpg``: PNG loses nothing and holds every kind of pixel."""
    return f"{source.stem}_x{SCALE}.png"
