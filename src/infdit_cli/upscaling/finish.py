"""The last step of an upscale whose picture is not final when the model is done with it."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from infdit_cli.engine import Corrected, Missing, PixelSource, Resized
from infdit_cli.events import OnEvent
from infdit_cli.plan import Route, finishing_piece
from infdit_cli.resampling import LANCZOS
from infdit_cli.tiles import Spool
from infdit_cli.upscaling.job_journal import JobJournal
from infdit_cli.upscaling.paint import PassOutput
from infdit_cli.upscaling.scratch import SCRATCH, keeping
from infdit_cli.upscaling.sources import SpoolSource
from infdit_cli.upscaling.sweep import Sweep, run_sweeps


def finish(
    made: PixelSource,
    source: PixelSource,
    route: Route,
    target: PassOutput,
    *,
    journal: JobJournal,
    scratch: Path,
    on_event: OnEvent,
) -> None:
    """Resize the last pass's picture, put back what it lacks of the input, and hand it to ``target``.

    Piece by piece: each reads the window that it needs, so no picture is in memory whole, and how they
    are cut changes nothing.

    Args:
        made: The picture of the last pass.
        source: The input.
        route: What is to be done.
        target: Takes the output.
        journal: What is done already, and is being done.
        scratch: Folder for what is lacking, at the size of the input, which stays there.
        on_event: Told of progress.
    """
    picture = made if made.size == route.target else Resized(made, route.target, LANCZOS)
    number = len(route.passes)
    with ExitStack() as stack:
        sweeps = []
        if route.fidelity:
            spool = stack.enter_context(Spool(scratch / "missing.raw", source.size, SCRATCH))
            missing = Missing(source, picture)
            done = journal.of_pass(number, PassOutput(spool, keeping(spool)))
            sweeps.append(Sweep(missing, finishing_piece(missing.size, made.size), done))
            picture = Corrected(picture, SpoolSource(spool), route.fidelity)
        done = journal.of_pass(number + 1, target)
        sweeps.append(Sweep(picture, finishing_piece(picture.size, made.size), done))
        run_sweeps(sweeps, route.target, "finishing", on_event)
