"""Pictures that are computed as they are read: piece by piece, and written down row by row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import groupby
from operator import attrgetter

from infdit_cli.engine import LegDone, PixelSource
from infdit_cli.events import OnEvent, Started, Visited
from infdit_cli.geometry import Rect, Size
from infdit_cli.plan import super_blocks
from infdit_cli.upscaling.stage_journal import StageJournal


class Sweep:
    """One picture, from top to bottom; a leg is a row of pieces.

    Args:
        picture: Computes a piece when it is read; how the picture is cut changes nothing.
        piece: Pixels that are computed at once.
        done: Takes the pieces, and knows which an earlier run has done.
    """

    def __init__(self, picture: PixelSource, piece: Size, done: StageJournal) -> None:
        self._picture = picture
        self._piece = piece
        self._done = done

    @property
    def num_pieces(self) -> int:
        """Pieces of the whole picture."""
        return sum(map(len, self._rows))

    @property
    def num_done(self) -> int:
        """Pieces that an earlier run has done."""
        return sum(map(len, self._rows[: self._done.num_legs_done]))

    def pieces(self) -> Iterator[Rect]:
        """Compute what is not done, and yield each piece when it is."""
        first = self._done.num_legs_done
        for number, row in enumerate(self._rows[first:], start=first + 1):
            for rect in row:
                self._done.paint(rect, self._picture.read(rect))
                if rect is row[-1]:
                    self._done.on_leg(LegDone(number, len(self._rows), ()))
                yield rect

    @cached_property
    def _rows(self) -> list[list[Rect]]:
        pieces = super_blocks(self._picture.size, self._piece)
        return [list(row) for _, row in groupby(pieces, key=attrgetter("top"))]


def run_sweeps(sweeps: Sequence[Sweep], size: Size, detail: str, on_event: OnEvent) -> None:
    """Compute pictures one after the other, each from the one before.

    Args:
        sweeps: The pictures.
        size: Pixels of the last one.
        detail: What they are for.
        on_event: Told of all their pieces as one stretch of work.
    """
    num_pieces = sum(sweep.num_pieces for sweep in sweeps)
    num_done = sum(sweep.num_done for sweep in sweeps)
    if num_done == num_pieces:
        return
    on_event(Started(size, num_pieces, detail, num_done=num_done))
    for sweep in sweeps:
        for _ in sweep.pieces():
            num_done += 1
            on_event(Visited(num_done))
