"""``infdit upscale``: pictures, made larger."""

from typing import Annotated

import typer

from infdit_cli.commands import batch_options, options, panels, parsing, picture_options
from infdit_cli.commands.arguments import gathered
from infdit_cli.commands.destination import PIPE
from infdit_cli.commands.many import plan_many, upscale_many
from infdit_cli.commands.one import plan_one, upscale_one
from infdit_cli.commands.piped import upscale_piped
from infdit_cli.config import DEFAULT_WEIGHTS, OutputOptions, UpscaleOptions
from infdit_cli.console import Console
from infdit_cli.errors import OptionError

EXAMPLES = """Examples:
infdit upscale photo.jpg
infdit upscale photo.jpg -o large.webp --scale 2
infdit upscale photos -o results"""


def upscale(
    ctx: typer.Context,
    inputs: batch_options.Inputs = None,
    output: batch_options.Output = None,
    files_from: batch_options.FilesFrom = None,
    null: batch_options.Null = False,
    recursive: batch_options.Recursive = False,
    pattern: batch_options.Pattern = None,
    shard: batch_options.ShardOf = None,
    name: batch_options.Name = None,
    format_name: batch_options.Format = None,
    scale: picture_options.Scale = None,
    width: picture_options.Width = None,
    height: picture_options.Height = None,
    long_side: picture_options.LongSide = None,
    megapixels: picture_options.Megapixels = None,
    weights: options.Weights = DEFAULT_WEIGHTS,
    restore: picture_options.Restore = None,
    steps: picture_options.Steps = None,
    sampler: picture_options.Sampler = None,
    seed: options.Seed = 0,
    fidelity: picture_options.Fidelity = None,
    devices: options.Devices = "auto",
    dtype: picture_options.DType = "auto",
    order: picture_options.Order = None,
    block_batch: picture_options.BlockBatch = None,
    memory: picture_options.Memory = None,
    spool: picture_options.SpoolFolder = None,
    toward: picture_options.Toward = None,
    away: picture_options.Away = None,
    guidance: picture_options.Guidance = None,
    quality: picture_options.Quality = None,
    lossless: picture_options.Lossless = False,
    pyramid: picture_options.Pyramid = False,
    strip: picture_options.Strip = False,
    no_provenance: picture_options.NoProvenance = False,
    overwrite: Annotated[bool, panels.files("--overwrite", help="Replace the output if it exists.")] = False,
    fresh: Annotated[
        bool, panels.files("--fresh", help="Start over instead of resuming an unfinished run.")
    ] = False,
    dry_run: Annotated[
        bool,
        panels.files("--dry-run", help="Only say what would be done, as infdit plan does."),
    ] = False,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Upscale pictures and print the paths of the results.

    Several inputs or a folder form a batch: finished pictures are skipped, and one that fails does not stop
    the rest.
    """
    console: Console = ctx.obj
    console.begin(json=json, quiet=quiet)
    first, *others = devices.split(",")
    wanted = UpscaleOptions(
        target=parsing.target(scale, width, height, long_side, megapixels),
        weights=weights,
        restore=restore,
        fidelity=fidelity,
        steps=steps,
        sampler=sampler,
        seed=seed,
        device=first,
        dtype=dtype,
        order=order,
        block_batch=parsing.block_batch(block_batch) if block_batch is not None else None,
        text=parsing.text_control(toward, away, guidance),
        overwrite=overwrite,
        fresh=fresh,
        memory=parsing.memory(memory) if memory is not None else None,
        spool=spool,
        output=OutputOptions(
            quality=quality, lossless=lossless, pyramid=pyramid, strip=strip, provenance=not no_provenance
        ),
    )
    if dry_run:
        _check_no_pipe(*(inputs or ()), output)
    arguments = gathered(
        inputs,
        output,
        files_from=files_from,
        null=null,
        recursive=recursive,
        pattern=pattern,
        shard=shard,
        name=name,
        suffix=f".{format_name}" if format_name else None,
    )
    if others:
        _check_shares_devices(1 + len(others), dry_run=dry_run, many=arguments.many)
    if dry_run and arguments.many:
        plan_many(console, arguments.request, wanted)
    elif dry_run:
        plan_one(console, arguments, wanted)
    elif arguments.many:
        upscale_many(console, arguments.request, wanted, (first, *others))
    elif arguments.from_stdin or arguments.to_stdout:
        upscale_piped(console, arguments, wanted, json=json)
    else:
        upscale_one(console, arguments, wanted)


def _check_shares_devices(num_devices: int, *, dry_run: bool, many: bool) -> None:
    if dry_run:
        raise OptionError(f"--device names {num_devices} devices, but a plan is for one of them")
    if not many:
        raise OptionError(
            f"--device names {num_devices} devices, but a single picture is computed on one",
            hint="a folder or several pictures can share them",
        )


def _check_no_pipe(*typed: str | None) -> None:
    if PIPE in typed:
        raise OptionError("a plan needs files, not a pipe", hint="infdit plan FILE")
