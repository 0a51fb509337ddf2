"""What one stage of a job has done, leg by leg."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain, takewhile
from pathlib import Path

import torch
from torch import Tensor

from infdit_cli.engine import Held, LegDone, Resume, read_held, write_held
from infdit_cli.errors import OutputError
from infdit_cli.files import output_errors
from infdit_cli.geometry import Rect
from infdit_cli.tiles import JobFolder, Journal, save_snapshot, snapshot_digest
from infdit_cli.upscaling.journal_pace import JournalPace
from infdit_cli.upscaling.leg_record import LegRecord, StageNumber
from infdit_cli.upscaling.paint import StageOutput

_SUFFIX = ".held"
_NO_ROWS = (0, 0)


class StageJournal:
    """Notes what a stage has done, and knows where an earlier run of it got to.

    Only what is still there as it was written counts: pixels and snapshots are checked against their digests.

    Args:
        folder: Of the job.
        journal: Its header and the records of the stages before are in it.
        number: The stage.
        target: The picture that it makes.
        pace: Says when to note something.
        on_note: Told what the user should know.
    """

    def __init__(
        self,
        folder: JobFolder,
        journal: Journal,
        number: StageNumber,
        target: StageOutput,
        *,
        pace: JournalPace,
        on_note: Callable[[str], None],
    ) -> None:
        self._folder = folder
        self._journal = journal
        self._number = number
        self._spool, self._paint = target
        self._pace = pace
        self._on_note = on_note
        self._rows = _NO_ROWS
        self._gave_up = False
        self._snapshots: list[str]
        self._last = self._found()
        if not self.is_done:
            self._remove_stale(self._snapshots[-2:])

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do."""
        return self._last is not None and self._last.is_last

    @property
    def num_legs_done(self) -> int:
        """How many legs an earlier run has done."""
        return self._last.leg if self._last else 0

    def resume(self, device: torch.device) -> Resume:
        """Return where to go on."""
        if self._last is None:
            return Resume()
        held = _stored(self._folder.path / self._last.snapshot, device) if self._last.snapshot else ()
        return Resume(num_done=self._last.leg, held=held)

    def paint(self, rect: Rect, image: Tensor) -> None:
        """Put a finished part into the picture, and remember its rows."""
        self._paint(rect, image)
        top, bottom = self._rows if self._rows != _NO_ROWS else (rect.top, rect.bottom)
        self._rows = min(top, rect.top), max(bottom, rect.bottom)

    def on_leg(self, done: LegDone) -> None:
        """Write down that a leg is done, if it is the last one or writing is not too costly.

        Raises:
            OutputError: If the disk with the pixels fails.
        """
        is_last = done.num_done == done.num_legs
        if not is_last and (self._gave_up or not self._pace.is_due):
            return
        with self._pace.turn():
            self._spool.sync()
            try:
                self._note(done)
            except OutputError as err:
                self._give_up(err)

    def _give_up(self, err: OutputError) -> None:
        if not self._gave_up:
            self._on_note(f"progress can no longer be written down: {err.message}")
        self._gave_up = True

    def _note(self, done: LegDone) -> None:
        is_last = done.num_done == done.num_legs
        name, digest = ("", "") if is_last else self._snapshot(done)
        top, bottom = self._rows
        record = LegRecord(
            number=self._number,
            leg=done.num_done,
            num_legs=done.num_legs,
            top=top,
            bottom=bottom,
            pixels=self._spool.digest(top, bottom),
            snapshot=name,
            held=digest,
        )
        was_worth_keeping = self._folder.is_worth_keeping
        # Before it is written: a signal that comes when it has just reached the disk must not throw it away.
        self._folder.is_worth_keeping = True
        try:
            self._journal.append(record.to_record())
        except OutputError:
            self._folder.is_worth_keeping = was_worth_keeping
            raise
        self._rows = _NO_ROWS
        self._snapshots.append(name)
        if is_last:
            self._remove_stale(())

    def _snapshot(self, done: LegDone) -> tuple[str, str]:
        """Write what the legs to come need, if anything; return the file's name and digest.

        The file before it stays until the next one: should this one be damaged, less than all is lost.
        """
        self._remove_stale(self._snapshots[-1:])
        held = iter(done.held)
        first = next(held, None)
        if first is None:
            return "", ""
        # Named after a pass: no other stage holds anything between its legs.
        path = self._folder.path / f"pass-{self._number}-leg-{done.num_done}{_SUFFIX}"
        return path.name, save_snapshot(path, partial(write_held, held=chain([first], held)))

    def _remove_stale(self, kept: Sequence[str]) -> None:
        """Remove all snapshots, whole or not, but those in ``kept``."""
        with output_errors(self._folder.path):
            for pattern in (f"*{_SUFFIX}", "*.part"):
                for path in self._folder.path.glob(pattern):
                    if path.name not in kept:
                        path.unlink()

    def _found(self) -> LegRecord | None:
        """Return the last record from which the stage can go on, and forget those after it."""
        records = [LegRecord.of(record) for record in self._journal.records[1:]]
        first = sum(leg.number < self._number for leg in records)
        sound = takewhile(self._is_sound, records[first:])
        usable = [place for place, leg in enumerate(sound, start=1) if self._can_go_on_after(leg)]
        kept = records[first:][: usable[-1] if usable else 0]
        self._snapshots = [leg.snapshot for leg in kept]
        found = kept[-1] if kept else None
        if not (found and found.is_last):  # else the stages to come have records of their own
            self._journal.rewind(1 + first + len(kept))
        return found

    def _is_sound(self, leg: LegRecord) -> bool:
        return leg.number == self._number and self._spool.digest(leg.top, leg.bottom) == leg.pixels

    def _can_go_on_after(self, leg: LegRecord) -> bool:
        return not leg.snapshot or snapshot_digest(self._folder.path / leg.snapshot) == leg.held


def _stored(path: Path, device: torch.device) -> Iterator[Held]:
    with path.open("rb") as file:
        yield from read_held(file, device)
