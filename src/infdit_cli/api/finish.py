"""The last step of an upscale whose picture is not final when the model is done with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from infdit_cli.api.scratch import SCRATCH, Paint, keeping
from infdit_cli.api.sources import SpoolSource
from infdit_cli.engine import Corrected, Missing, PixelSource, Resized
from infdit_cli.events import OnEvent, Started, Visited
from infdit_cli.geometry import Rect, Size
from infdit_cli.plan import Route, finishing_piece, super_blocks
from infdit_cli.resampling import LANCZOS
from infdit_cli.tiles import Spool


def finish(
    made: PixelSource, source: PixelSource, route: Route, paint: Paint, *, scratch: Path, on_event: OnEvent
) -> None:
    """Resize the last pass's picture, put back what it lacks of the input, and hand it to ``paint``.

    Piece by piece: each reads the window that it needs, so no picture is in memory whole, and how they
    are cut changes nothing.

    Args:
        made: The picture of the last pass.
        source: The input.
        route: What is to be done.
        paint: Takes the output.
        scratch: Folder for what is lacking, at the size of the input.
        on_event: Told of progress.
    """
    picture = made if made.size == route.target else Resized(made, route.target, LANCZOS)
    with ExitStack() as stack:
        work: list[tuple[PixelSource, Paint]] = []
        if route.fidelity:
            spool = stack.enter_context(Spool(scratch, source.size, SCRATCH))
            work.append((Missing(source, picture), keeping(spool)))
            picture = Corrected(picture, SpoolSource(spool), route.fidelity)
        work.append((picture, paint))
        pieces = [(*each, rect) for each in work for rect in _pieces(each[0].size, made.size)]
        on_event(Started(route.target, len(pieces), "finishing"))
        for done, (each, target, rect) in enumerate(pieces, start=1):
            target(rect, each.read(rect))
            on_event(Visited(done))


def _pieces(size: Size, made: Size) -> Iterator[Rect]:
    return super_blocks(size, finishing_piece(size, made))
