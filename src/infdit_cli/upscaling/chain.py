"""Chained passes: each upscales the picture that the one before it left on disk."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack, closing

from infdit_cli.engine import PixelSource, Run, Session, Upscaler
from infdit_cli.events import Noted, OnEvent, Started, Visited
from infdit_cli.geometry import Size
from infdit_cli.plan import Layout, Route
from infdit_cli.tiles import Spool
from infdit_cli.upscaling.finish import finish
from infdit_cli.upscaling.leg_record import pass_stage
from infdit_cli.upscaling.paint import Paint, StageOutput, cropping, keeping
from infdit_cli.upscaling.sources import SpoolSource
from infdit_cli.upscaling.workplace import SCRATCH, Workplace


def run_passes(
    upscaler: Upscaler,
    source: PixelSource,
    route: Route,
    layouts: Sequence[Layout],
    target: StageOutput,
    *,
    workplace: Workplace,
    seed: int,
) -> None:
    """Upscale ``source`` and hand every finished part of the result to ``target``.

    Only windows of a picture are in memory between passes, whatever its size. The global vector of the
    input serves every pass: the image tower sees the whole picture at 224 px, and no pass changes that.
    What the journal says is done is not done again.

    Args:
        upscaler: The model.
        source: The picture.
        route: The passes, and what follows them.
        layouts: How each pass is walked.
        target: Takes the result.
        workplace: Keeps the pictures between passes, and is told of each pass and its visits.
        seed: Chooses the noise.
    """
    journal, scratch, on_event = workplace.journal, workplace.scratch, workplace.on_event
    num_passes = len(route.passes)
    with ExitStack() as stack:
        kept = [
            stack.enter_context(Spool(scratch / f"pass-{number}.raw", size, SCRATCH))
            for number, size in enumerate(route.kept)
        ]
        targets = [*(StageOutput(spool, _clipping(keeping(spool))) for spool in kept), target][:num_passes]
        for number, (size, layout, made) in enumerate(zip(route.passes, layouts, targets, strict=True)):
            done = journal.of_stage(pass_stage(number), made)
            if done.is_done:
                on_event(Noted(f"resuming an unfinished run after pass {number + 1} of {num_passes}"))
                continue
            run = upscaler.start(
                SpoolSource(kept[number - 1]) if number else source,
                cropping(done.paint, size, upscaler.config.block_px),
                layout,
                size=size,
                vector=journal.vector,
                seed=seed,
                session=Session(
                    scratch=scratch,
                    on_note=lambda text: on_event(Noted(text)),
                    on_leg=done.on_leg,
                    resume=done.resume(upscaler.device),
                ),
            )
            which = f", pass {number + 1} of {num_passes}" if num_passes > 1 else ""
            _drain(run, size, upscaler.description + which, on_event)
        if route.finished_apart:
            finish(SpoolSource(kept[-1]), source, route, target, workplace)


def _drain(run: Run, size: Size, detail: str, on_event: OnEvent) -> None:
    if run.num_done:
        done = run.num_done / run.num_visits
        on_event(Noted(f"resuming an unfinished run, {done:.0%} done"))
    on_event(Started(size, run.num_visits, detail, num_done=run.num_done))
    with closing(run.visits):
        for num_done, _ in enumerate(run.visits, start=run.num_done + 1):
            on_event(Visited(num_done))


def _clipping(paint: Paint) -> Paint:
    """Return ``paint`` for what nobody can see beyond black and white, which is not to be worked on."""
    return lambda rect, image: paint(rect, image.clamp(-1, 1))
