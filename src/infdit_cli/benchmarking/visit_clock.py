"""How long the network works on a picture, read off the events of an upscale."""

from __future__ import annotations

import time

from infdit_cli.events import BenchProgressed, Event, Noted, OnEvent, Started, Visited


class VisitClock:
    """Takes the events of one upscale, and times its first pass: from its start to its last visit.

    What follows, finishing and encoding, tells of its beginning, too, and is not the network's work.

    Args:
        size_px: Side of the square output.
        run, num_runs: As in ``BenchProgressed``.
        on_event: Told of progress, and in the first run of notes.

    Attributes:
        seconds: Of the pass, once it is over.
    """

    def __init__(self, size_px: int, *, run: int, num_runs: int, on_event: OnEvent) -> None:
        self._size_px, self._run, self._num_runs = size_px, run, num_runs
        self._on_event = on_event
        self._started_s: float | None = None
        self._num_visits = 0
        self.seconds: float | None = None

    def __call__(self, event: Event) -> None:
        """Take an event."""
        match event:
            case Started(num_visits=num_visits) if self._started_s is None:
                self._num_visits = num_visits
                self._tell(0)
                self._started_s = time.perf_counter()
            case Visited(num_done) if self._started_s is not None and self.seconds is None:
                if num_done == self._num_visits:
                    self.seconds = time.perf_counter() - self._started_s
                self._tell(num_done)
            case Noted() if self._run == 0:
                self._on_event(event)

    def _tell(self, num_done: int) -> None:
        self._on_event(BenchProgressed(self._size_px, self._run, self._num_runs, num_done, self._num_visits))
