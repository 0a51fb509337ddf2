"""``infdit upscale``: one picture, made larger."""

import os
from pathlib import Path
from typing import Annotated

import typer

from infdit_cli.commands import options, parsing
from infdit_cli.config import DTypeName, OutputOptions, SamplerName, UpscaleOptions, VisitOrder
from infdit_cli.console import Console

SCALE = 4.0


def upscale(
    ctx: typer.Context,
    source: Annotated[Path, typer.Argument(metavar="INPUT", help="The picture to upscale.")],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE|DIR",
            help="Where to write; the suffix picks the format (png, tif, jpg, webp, avif, dzi).",
            show_default="INPUT_x4.png beside the input, named after the scale",
        ),
    ] = None,
    scale: Annotated[
        float,
        typer.Option(
            metavar="N",
            help="How many times larger: 2, 4, 8, 16 and so on; above 4 in several passes.",
            show_default="4",
        ),
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
    toward: Annotated[
        str | None,
        typer.Option(
            metavar="WORDS",
            help='What the result should look more like, as in "clear, sharp"; not for every model.',
            show_default=False,
        ),
    ] = None,
    away: Annotated[
        str | None,
        typer.Option(
            metavar="WORDS",
            help='What it should look less like, as in "blurry, noisy".',
            show_default=False,
        ),
    ] = None,
    guidance: Annotated[
        float | None,
        typer.Option(metavar="F", help="How far the words move the picture.", show_default="2"),
    ] = None,
    quality: Annotated[
        int | None,
        typer.Option(
            metavar="1-100",
            help="Quality of JPEG, WebP, AVIF and of Deep Zoom's tiles.",
            show_default="95 for JPEG, else 90",
        ),
    ] = None,
    lossless: Annotated[
        bool, typer.Option("--lossless", help="Encode WebP, AVIF or Deep Zoom without loss.")
    ] = False,
    pyramid: Annotated[
        bool, typer.Option("--pyramid", help="Add smaller copies to a TIFF, for viewers of huge pictures.")
    ] = False,
    strip: Annotated[bool, typer.Option("--strip", help="Write no metadata but the colour profile.")] = False,
    no_provenance: Annotated[
        bool,
        typer.Option("--no-provenance", help="Do not say in the metadata how the picture was made."),
    ] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the output if it exists.")] = False,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Upscale a picture and print the path of the result."""
    console: Console = ctx.obj
    console.begin(json=json, quiet=quiet)
    wanted = UpscaleOptions(
        scale=parsing.scale(scale),
        steps=steps,
        sampler=sampler,
        seed=seed,
        device=device,
        dtype=dtype,
        order=order,
        block_batch=parsing.block_batch(block_batch) if block_batch is not None else None,
        text=parsing.text_control(toward, away, guidance),
        overwrite=overwrite,
        output=OutputOptions(
            quality=quality, lossless=lossless, pyramid=pyramid, strip=strip, provenance=not no_provenance
        ),
    )
    with console.progress() as on_event:
        from infdit_cli import api

        destination = destination_of(source, output, wanted.scale)
        result = api.upscale(source, destination, wanted, weights=weights, on_event=on_event)
    console.result(result)


def destination_of(source: Path, output: Path | None, scale: int) -> Path:
    """Return the file asked for, or the default name in the folder asked for or beside the input."""
    if output is None:
        return source.parent / default_name(source, scale)
    # Not Path.is_dir(): where it may not look it raises, and the api is to say so in its own words.
    is_folder = os.path.isdir(output)  # noqa: PTH112
    return output / default_name(source, scale) if is_folder else output


def default_name(source: Path, scale: int) -> str:
    """Return ``photo_x4.png`` for ``photo.jpg``: PNG loses nothing and holds every kind of pixel."""
    return f"{source.stem}_x{scale}.png"
