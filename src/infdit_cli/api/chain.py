"""Chained passes: each upscales the picture that the one before it left on disk."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path

from torch import Tensor

from infdit_cli.api.finish import finish
from infdit_cli.api.scratch import SCRATCH, Paint, keeping
from infdit_cli.api.sources import SpoolSource
from infdit_cli.engine import PixelSource, Run, Sink, Upscaler
from infdit_cli.events import Noted, OnEvent, Started, Visited
from infdit_cli.geometry import Rect, Size
from infdit_cli.plan import Layout, Route
from infdit_cli.tiles import Spool


def run_passes(
    upscaler: Upscaler,
    source: PixelSource,
    route: Route,
    layouts: Sequence[Layout],
    paint: Paint,
    *,
    scratch: Path,
    seed: int,
    on_event: OnEvent,
) -> None:
    """Upscale ``source`` and hand every finished part of the result to ``paint``.

    Only windows of a picture are in memory between passes, whatever its size. The global vector of the
    input serves every pass: the image tower sees the whole picture at 224 px, and no pass changes that.

    Args:
        upscaler: The model.
        source: The picture.
        route: The passes, and what follows them.
        layouts: How each pass is walked.
        paint: Takes the result.
        scratch: Folder for the pictures between passes; their room is reserved at once.
        seed: Chooses the noise.
        on_event: Told of each pass and its visits.
    """
    vector = upscaler.vector(source, size=route.passes[0])
    num_passes = len(route.passes)
    with ExitStack() as stack:
        kept = [stack.enter_context(Spool(scratch, size, SCRATCH)) for size in route.kept]
        paints = [*(_clipping(keeping(spool)) for spool in kept), paint][:num_passes]
        for number, (size, layout, target) in enumerate(zip(route.passes, layouts, paints, strict=True)):
            run = upscaler.start(
                SpoolSource(kept[number - 1]) if number else source,
                _sink(target, size, upscaler.config.block_px),
                layout,
                size=size,
                vector=vector,
                seed=seed,
                scratch=scratch,
                on_note=lambda text: on_event(Noted(text)),
            )
            which = f", pass {number + 1} of {num_passes}" if num_passes > 1 else ""
            _drain(run, Started(size, run.num_visits, upscaler.description + which), on_event)
        if route.finished_apart:
            finish(SpoolSource(kept[-1]), source, route, paint, scratch=scratch, on_event=on_event)


def _drain(run: Run, started: Started, on_event: OnEvent) -> None:
    on_event(started)
    with closing(run.visits):
        for done, _ in enumerate(run.visits, start=1):
            on_event(Visited(done))


def _sink(paint: Paint, size: Size, block_px: int) -> Sink:
    """Return what cuts off what reaches beyond the picture, and paints."""

    def sink(blocks: Rect, image: Tensor) -> None:
        rect = blocks.scaled(block_px).within(size)
        paint(rect, image[:, :, : rect.size.height, : rect.size.width])

    return sink


def _clipping(paint: Paint) -> Paint:
    """Return ``paint`` for what nobody can see beyond black and white, which is not to be worked on."""
    return lambda rect, image: paint(rect, image.clamp(-1, 1))
