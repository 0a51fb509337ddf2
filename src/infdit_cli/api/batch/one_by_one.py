"""Upscale many pictures with one model; what is wrong with one of them stops none of the others.

While a picture is computed the next one is read and the one before it encoded, never more. A picture's plan
leaves to these two what they take; where no plan fits into the rest, the picture has the machine to itself.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path

from infdit_cli.api.batch.background_encoder import BackgroundEncoder, ComputedPicture
from infdit_cli.api.batch.failures import concerns_all, failed
from infdit_cli.api.batch.look import PendingPicture, look
from infdit_cli.api.batch.models import ModelOf, models_of_batch
from infdit_cli.api.batch.progress import BatchProgress
from infdit_cli.api.batch.read_ahead import ReadAhead, reading_bytes
from infdit_cli.batch import BatchItem
from infdit_cli.config import UpscaleOptions
from infdit_cli.errors import (
    DiskFull,
    InfditError,
    OutputNotWritable,
    ResourceError,
)
from infdit_cli.events import OnEvent, ignore
from infdit_cli.files import (
    check_folder,
    free_bytes,
    is_disk_full,
    is_there,
    make_folder,
    output_errors,
    resolved,
)
from infdit_cli.machine.signals import signals_held
from infdit_cli.results import FailedPicture, OnOutcome, Outcome, SkippedPicture
from infdit_cli.tiles import remove_leftovers
from infdit_cli.upscaling.computing import computed
from infdit_cli.upscaling.draft import Draft
from infdit_cli.upscaling.job import ALONE, ConcurrentUse, Job, plan_job, work_folder
from infdit_cli.upscaling.sharing import UNSHARED, Sharing

# A picture that is too large for the disk says nothing about the others, unless hardly anything is left.
HARDLY_ANY_BYTES = 64_000_000


def upscale_all(
    items: Sequence[BatchItem],
    options: UpscaleOptions,
    *,
    output: Path | None = None,
    on_event: OnEvent = ignore,
    on_outcome: OnOutcome,
    turns: Iterable[BatchItem] | None = None,
    sharing: Sharing = UNSHARED,
) -> None:
    """Upscale ``items`` one after the other.

    When it is interrupted, pictures that are computed already are still encoded; a second interruption gives
    them up. Nothing half-written is left either way.

    Args:
        items: As ``find_pictures`` lists them.
        options: As for each picture alone. An existing output of the right size is skipped.
        output: The folder that they all go to, in it or in folders of it; all are made, unless every input
            is missing.
        on_event: Told of progress.
        on_outcome: Told of each picture when it is done, found done, or has failed.
        turns: Those of ``items`` that are to be done here, where others do the rest; ``None`` for all.
        sharing: How many processes divide the machine, this one among them.

    Raises:
        WeightsError: If the checkpoint is missing or damaged.
        OptionError: If the model cannot do what is asked.
        DeviceUnavailable: If the device is not there.
        OutputError: If nothing more can be written.
    """
    if not items:
        return
    model_of = models_of_batch(options)
    if output is not None and any(is_there(item.source) for item in items):
        make_folder(output)
    with ReadAhead(options) as reader, BackgroundEncoder() as encoder:
        batch = _Batch(
            items=items if turns is None else turns,
            options=options,
            looks_ahead=turns is None,
            model_of=model_of,
            output=output,
            sharing=sharing,
            progress=BatchProgress(items, on_event),
            on_outcome=on_outcome,
            reader=reader,
            encoder=encoder,
        )
        try:
            batch.walk()
        finally:
            batch.settle()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Batch:
    """One run over a list, with those who take part in it; the arguments are those of ``upscale_all``.

    Args:
        looks_ahead: Whether the next picture may be asked for before this one is done.
        model_of: Gives what computes a picture, from its options; each is loaded once.
        progress: Told how far the pictures are.
        reader: Reads the next picture meanwhile.
        encoder: Encodes the one before meanwhile.
    """

    items: Iterable[BatchItem]
    options: UpscaleOptions
    looks_ahead: bool
    model_of: ModelOf
    output: Path | None
    sharing: Sharing
    progress: BatchProgress
    on_outcome: OnOutcome
    reader: ReadAhead
    encoder: BackgroundEncoder

    def walk(self) -> None:
        """Do all pictures; the last may still be under way at the end."""
        pictures = self._pending()
        # Where others take turns, too, asking for the next picture would keep it from whoever is free sooner.
        alone: Iterable[tuple[PendingPicture, None]] = zip(pictures, repeat(None), strict=False)
        for pending, following in _with_next(pictures) if self.looks_ahead else alone:
            try:
                self.encoder.begin(self._compute(pending, following))
            except Exception as err:  # noqa: BLE001 - whatever went wrong, the other pictures go on
                self._report(failed(pending.item, err))
            self.progress.end(pending.item)
            self.settle(keep=1 if self.encoder.is_light else 0)

    def settle(self, *, keep: int = 0) -> None:
        """Report what was encoded, waiting for all but ``keep`` pictures."""
        while len(self.encoder) > keep:
            if not keep:
                self.progress.encoding(self.encoder.name)
            self.encoder.wait_for_first()
            with signals_held():  # what is done is told
                self._report(self.encoder.outcome())

    def _pending(self) -> Generator[PendingPicture]:
        """Yield the pictures that are to be computed, and report the others."""
        for item in self.items:
            seen = self._look(item)
            if isinstance(seen, PendingPicture):
                yield seen
            else:
                self.progress.leave_out(item)
                self._report(seen)

    def _look(self, item: BatchItem) -> PendingPicture | SkippedPicture | FailedPicture:
        try:
            seen = look(item, self.options)
            if isinstance(seen, PendingPicture):
                self._make_folder_for(item)
            else:
                self._remove_leftovers_of(item)
        except Exception as err:  # noqa: BLE001 - as in walk
            return failed(item, err)
        return seen

    def _make_folder_for(self, item: BatchItem) -> None:
        if self.output is None:
            return
        check_folder(self.output)  # it may have been a disk that is gone, and is not to be made anew
        with output_errors(item.destination.parent):
            item.destination.parent.mkdir(parents=True, exist_ok=True)

    def _remove_leftovers_of(self, item: BatchItem) -> None:
        with suppress(OSError):
            remove_leftovers(item.destination, work_folder(item.destination, self.options))

    def _compute(self, pending: PendingPicture, following: PendingPicture | None) -> ComputedPicture:
        started = time.monotonic()
        draft = self.reader.take(pending)
        job = self._plan(draft, following)
        self.progress.begin(pending.item, job)
        with ExitStack() as stack:
            done = stack.enter_context(computed(job, on_event=self.progress.on_event))
            kept = stack.pop_all()
        return ComputedPicture(item=pending.item, done=done, stack=kept, started=started)

    def _plan(self, draft: Draft, following: PendingPicture | None) -> Job:
        model = self.model_of(draft.options)
        reading, writing = reading_bytes(following), self.encoder.beside
        beside = ConcurrentUse(memory_bytes=reading + writing.memory_bytes, disk_bytes=writing.disk_bytes)
        try:
            job = plan_job(draft, model, beside=beside, sharing=self.sharing)
        except (DiskFull, ResourceError):
            if beside == ALONE:
                raise
            self.encoder.wait()
            return plan_job(draft, model, sharing=self.sharing)
        if following is not None and reading:
            self.reader.begin(following)
        return job

    def _report(self, outcome: Outcome) -> None:
        self.on_outcome(outcome)
        if isinstance(outcome, FailedPicture) and self._ends_all(outcome):
            raise outcome.error

    def _ends_all(self, failed: FailedPicture) -> bool:
        """Tell whether the next picture would fail as well."""
        match failed.error:
            case error if isinstance(error, DiskFull) or is_disk_full(error):
                home = resolved(failed.destination).parent
                folders = {home, self.options.spool or home}
                return min(map(free_bytes, folders)) < HARDLY_ANY_BYTES
            case OutputNotWritable():
                return self.output is not None and not _is_usable(self.output)
            case error:
                return concerns_all(error)


def _is_usable(folder: Path) -> bool:
    try:
        check_folder(folder)
    except InfditError:
        return False
    return True


def _with_next(things: Iterable[PendingPicture]) -> Generator[tuple[PendingPicture, PendingPicture | None]]:
    """Yield each thing with the one after it, which is looked for first."""
    present: PendingPicture | None = None
    for thing in things:
        if present is not None:
            yield present, thing
        present = thing
    if present is not None:
        yield present, None
