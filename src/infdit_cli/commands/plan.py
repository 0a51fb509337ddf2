"""``infdit plan``: what an upscale would take, before it takes it."""

from typing import Any

import typer

from infdit_cli.commands import options, picture_options
from infdit_cli.commands.shared_options import with_options_of
from infdit_cli.commands.upscale import upscale

# What is about several pictures, or about a run.
OF_UPSCALE_ALONE = frozenset(
    {"inputs", "files_from", "null", "recursive", "pattern", "shard", "fresh", "dry_run"}
)


@with_options_of(upscale, without=OF_UPSCALE_ALONE)
def plan(
    ctx: typer.Context,
    source: picture_options.Source,
    output: picture_options.Output = None,
    devices: options.Device = "auto",
    **others: Any,
) -> None:
    """Say what upscaling a picture would take: sizes, memory by what holds it, disk and time.

    No picture is written; the first time, the machine's speed is measured and kept in the cache folder.
    """
    upscale(ctx, [source], output, devices=devices, **others, dry_run=True)
