"""The last step of an upscale whose picture is not final when the model is done with it."""

from __future__ import annotations

from contextlib import ExitStack

from infdit_cli.engine import Corrected, Missing, PixelSource, Resized
from infdit_cli.plan import Route, finishing_piece
from infdit_cli.resampling import LANCZOS
from infdit_cli.tiles import Spool
from infdit_cli.upscaling.leg_record import finished_stage, missing_stage
from infdit_cli.upscaling.paint import StageOutput, keeping
from infdit_cli.upscaling.sources import SpoolSource
from infdit_cli.upscaling.sweep import Sweep, run_sweeps
from infdit_cli.upscaling.workplace import SCRATCH, Workplace


def finish(
    made: PixelSource, source: PixelSource, route: Route, target: StageOutput, workplace: Workplace
) -> None:
    """Resize the last pass's picture, put back what it lacks of the input, and hand it to ``target``.

    Piece by piece: each reads the window that it needs, so no picture is in memory whole, and how they
    are cut changes nothing.

    Args:
        made: The picture of the last pass.
        source: The input.
        route: What is to be done.
        target: Takes the output.
        workplace: Keeps what is lacking, at the size of the input.
    """
    picture = made if made.size == route.target else Resized(made, route.target, LANCZOS)
    journal, num_passes = workplace.journal, len(route.passes)
    with ExitStack() as stack:
        sweeps = []
        if route.fidelity:
            spool = stack.enter_context(Spool(workplace.scratch / "missing.raw", source.size, SCRATCH))
            missing = Missing(source, picture)
            done = journal.of_stage(missing_stage(num_passes), StageOutput(spool, keeping(spool)))
            sweeps.append(Sweep(missing, finishing_piece(missing.size, made.size), done))
            picture = Corrected(picture, SpoolSource(spool), route.fidelity)
        done = journal.of_stage(finished_stage(num_passes), target)
        sweeps.append(Sweep(picture, finishing_piece(picture.size, made.size), done))
        run_sweeps(sweeps, route.target, "finishing", workplace.on_event)
