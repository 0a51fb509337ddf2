"""One batch on several devices: a process for each, and whoever is free takes the next picture.

The process that waits for them imports no torch.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path

from infdit_cli.api.worker import Assignment, Ended, Ready, work
from infdit_cli.batch import BatchItem
from infdit_cli.config import DeviceName, UpscaleOptions
from infdit_cli.errors import InfditError
from infdit_cli.events import BatchProgressed, Event, OnEvent, ignore
from infdit_cli.machine.signals import signals_held
from infdit_cli.machine.spawned import ended_silently, ignoring_interrupts
from infdit_cli.results import FailedPicture, OnOutcome, SkippedPicture, UpscaleResult

Body = Callable[[Assignment, Connection], None]

# A process that is told to stop finishes encoding what it has computed; nobody waits longer for it to go.
GOING_S = 30.0


def upscale_all_on(
    devices: Sequence[DeviceName],
    items: Sequence[BatchItem],
    options: UpscaleOptions,
    *,
    output: Path | None = None,
    on_event: OnEvent = ignore,
    on_outcome: OnOutcome,
    body: Body = work,
) -> None:
    """Upscale ``items`` with a process for each device, which loads the model once.

    Interruptions and errors are those of ``batch.upscale_all``: an error of all pictures in one process
    stops the others, too.

    Args:
        devices: Names for ``--device``; one that is named twice has two processes.
        items: As ``find_pictures`` lists them.
        options: As for each picture alone; ``device`` is not looked at, and ``memory`` limits each process.
        output: The folder that they all go to.
        on_event: Told of progress.
        on_outcome: Told of each picture when it is done, found done, or has failed; in no fixed order.
        body: What a process runs.

    Raises:
        WeightsError, OptionError, DeviceUnavailable, OutputError: As ``batch.upscale_all``.
        OutOfMemory: If a process was killed, which is what Linux does when memory runs out.
    """
    if not items:
        return
    assignments = [
        Assignment(
            items=tuple(items),
            options=replace(options, device=device),
            devices=tuple(devices),
            output=output,
        )
        for device in devices
    ]
    with _started(assignments, body) as workers:
        _Crew(workers, items, on_event=on_event, on_outcome=on_outcome).run()


class _Worker:
    """A process and the line to it."""

    def __init__(self, assignment: Assignment, body: Body) -> None:
        context = multiprocessing.get_context("spawn")
        self.device = assignment.options.device
        self.line, its_end = context.Pipe()
        self.process: SpawnProcess = context.Process(
            target=body, args=(assignment, its_end), name=f"infdit {self.device}", daemon=True
        )
        self.process.start()
        its_end.close()  # or the line would not break when the process dies

    def give(self, item: BatchItem | None) -> None:
        """Send the next picture, or none."""
        try:
            self.line.send(item)
        except OSError:
            return  # it is gone, which reading will say


@contextmanager
def _started(assignments: Sequence[Assignment], body: Body) -> Iterator[list[_Worker]]:
    """Start the processes, and see to it that none outlives the block."""
    workers: list[_Worker] = []
    try:
        with ignoring_interrupts():
            workers += (_Worker(each, body) for each in assignments)
        yield workers
    finally:
        for worker in workers:
            worker.line.close()
            worker.process.terminate()
        for worker in workers:
            worker.process.join(GOING_S)
            worker.process.kill()


class _Crew:
    """Hands out pictures and passes on what the processes tell."""

    def __init__(
        self, workers: list[_Worker], items: Sequence[BatchItem], *, on_event: OnEvent, on_outcome: OnOutcome
    ) -> None:
        self._workers = {worker.line: worker for worker in workers}
        self._items = iter(items)
        self._on_event = on_event
        self._on_outcome = on_outcome
        self._whole = float(sum(item.work for item in items))
        self._progress: dict[Connection, BatchProgressed] = {}
        self._error: Exception | None = None
        self._is_stopping = False

    def run(self) -> None:
        """Listen until the last process has ended."""
        try:
            self._listen()
        except Exception:
            self._stop()  # nobody takes outcomes any more
            raise
        except BaseException:
            self._stop()
            self._listen()
            raise
        if self._error:
            raise self._error

    def _listen(self) -> None:
        while self._workers:
            for line in wait(list(self._workers)):
                with signals_held():
                    self._take(self._workers[line])  # type: ignore[index]  # only connections were waited for

    def _take(self, worker: _Worker) -> None:
        """Read what a process tells, and pass it on; what is half read, or not passed on, would be lost."""
        try:
            told = worker.line.recv()
        except (EOFError, OSError):
            self._end(worker, None if self._is_stopping else _ended(worker))
            return
        match told:
            case Ready():
                worker.give(next(self._items, None))
            case Ended(error):
                self._end(worker, error)
            case UpscaleResult() | SkippedPicture() | FailedPicture():
                self._on_outcome(told)
            case BatchProgressed():
                self._progress[worker.line] = told
                self._on_event(self._together(told))
            case _:
                event: Event = told
                self._on_event(event)

    def _together(self, last: BatchProgressed) -> BatchProgressed:
        """Return the progress of all, ``last`` naming the picture; each counts its own against the whole."""
        told = self._progress.values()
        left_out = sum(self._whole - each.total for each in told)
        return replace(last, done=sum(each.done for each in told), total=self._whole - left_out)

    def _end(self, worker: _Worker, error: Exception | None) -> None:
        del self._workers[worker.line]
        if error is not None and not self._is_stopping:
            self._error = error
            self._stop()

    def _stop(self) -> None:
        """Ask the processes to stop after what they have computed; asked again, they would give that up."""
        self._is_stopping = True
        for worker in self._workers.values():
            worker.process.terminate()


def _ended(worker: _Worker) -> InfditError:
    worker.process.join(GOING_S)
    return ended_silently(f"the process on {worker.device}", worker.process.exitcode)
