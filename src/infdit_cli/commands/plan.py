"""``infdit plan``: what an upscale would take, before it takes it."""

from typing import Any

import typer

from infdit_cli.commands.shared_options import with_options_of
from infdit_cli.commands.upscale import upscale

# What is about a run.
OF_UPSCALE_ALONE = frozenset({"fresh", "dry_run"})


@with_options_of(upscale, without=OF_UPSCALE_ALONE)
def plan(ctx: typer.Context, **others: Any) -> None:
    """Show what upscaling pictures would take: sizes, memory by component, disk and time.

    Nothing is written. The first time, the machine's speed is measured and kept in the cache folder.
    """
    upscale(ctx, **others, dry_run=True)
