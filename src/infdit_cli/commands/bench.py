"""``infdit bench``: how fast this machine is, and what memory it takes."""

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from infdit_cli.benchmarking.messages import (
    QUICK_REPEATS,
    QUICK_SIZES_PX,
    REPEATS,
    SIZES_PX,
    BenchRequest,
)
from infdit_cli.commands import options, parsing, picture_options
from infdit_cli.commands.not_empty import path_of
from infdit_cli.config import DEFAULT_WEIGHTS
from infdit_cli.console import Console
from infdit_cli.errors import SomeFailed
from infdit_cli.machine.start import ensure_room_to_start

_STOPPED = "nothing was written; --quick is done in seconds"


def bench(
    ctx: typer.Context,
    res: Annotated[
        str | None,
        typer.Option(
            metavar="PX,PX,...",
            help="Sides of the square outputs to measure.",
            show_default=",".join(map(str, SIZES_PX)),
        ),
    ] = None,
    repeats: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help="Timed runs per resolution, after one untimed run.",
            show_default=str(REPEATS),
        ),
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Measure once at 256 px, unless --res or --repeats say otherwise.")
    ] = False,
    against: Annotated[
        str,
        typer.Option(
            metavar="NAME,...",
            help=f"Other networks to measure as well, one evaluation each: {', '.join(parsing.PEERS)} (needs "
            "diffusers, and 6 GiB of memory in bfloat16 or 11 GiB in float32).",
            show_default="none",
        ),
    ] = "",
    weights: options.Weights = DEFAULT_WEIGHTS,
    steps: picture_options.Steps = None,
    memory: picture_options.Memory = None,
    device: options.Device = "auto",
    spool: options.TemporarySpool = None,
    plot: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            parser=path_of("--plot"),
            help="Plot memory and time; png, svg or pdf. Needs matplotlib.",
            show_default=False,
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            parser=path_of("-o"),
            help="Write the figures as JSON, too.",
            show_default=False,
        ),
    ] = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Measure the time and memory it takes to upscale a synthetic picture at several resolutions.

    Each resolution has a process of its own. One that does not fit is reported, and the others go on.
    """
    console: Console = ctx.obj
    console.begin(json=json, quiet=quiet, stop_hint=_STOPPED)
    sizes, least = (QUICK_SIZES_PX, QUICK_REPEATS) if quick else (SIZES_PX, REPEATS)
    wanted = BenchRequest(
        sizes_px=sizes if res is None else parsing.sides(res),
        repeats=least if repeats is None else repeats,
        weights=weights,
        steps=steps,
        memory=parsing.memory(memory) if memory is not None else None,
        device=device,
        spool=spool,
        against=parsing.peers(against),
    )
    with console.progress() as on_event:
        ensure_room_to_start()
        from infdit_cli.api import bench as api

        command = shlex.join(["infdit", *sys.argv[1:]])
        report = api.bench(wanted, command=command, output=output, plot=plot, on_event=on_event)
    failed = report.unwritten or _unmeasured(report.errors, wanted)
    console.result(report.result, failed=failed)
    if failed:
        raise failed


def _unmeasured(errors: tuple[Exception, ...], wanted: BenchRequest) -> SomeFailed | None:
    """Return the failure of a benchmark some of whose resolutions, ours or others', could not be measured."""
    if not errors:
        return None
    num_asked = len(wanted.sizes_px) * (1 + len(wanted.against))
    what = "measurements could not be made" if wanted.against else "resolutions could not be measured"
    failed = SomeFailed(
        f"{len(errors)} of {num_asked} {what}",
        hint=getattr(errors[0], "hint", None),
    )
    failed.__cause__ = errors[0]
    return failed
