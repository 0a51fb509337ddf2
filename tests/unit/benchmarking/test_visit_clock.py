"""Which part of an upscale counts as the network's, and what is told of it."""

import pytest

from infdit_cli.benchmarking import visit_clock
from infdit_cli.benchmarking.visit_clock import VisitClock
from infdit_cli.events import BenchProgressed, Encoding, Noted, Started, Visited
from infdit_cli.geometry import Size

SIZE = Size(64, 64)
UPSCALE = (
    Noted("numbers overflowed"),
    Started(SIZE, 2, "compact"),
    Visited(1),
    Visited(2),
    Started(SIZE, 2, "finishing"),
    Visited(1),
    Visited(2),
    Encoding("picture.png"),
)


@pytest.fixture
def clock_of(monkeypatch):
    """Make a clock of a time that goes on by a second whenever somebody looks."""
    monkeypatch.setattr(visit_clock.time, "perf_counter", iter(range(100)).__next__)

    def make(run):
        events = []
        clock = VisitClock(64, run=run, num_runs=3, on_event=events.append)
        for event in UPSCALE:
            clock(event)
        return clock, events

    return make


def test_the_time_ends_with_the_last_visit_of_the_first_pass(clock_of):
    clock, _ = clock_of(run=1)
    assert clock.seconds == 1


def test_progress_is_told_of_that_pass_alone(clock_of):
    _, events = clock_of(run=2)
    assert events == [BenchProgressed(64, 2, 3, num_done, 2) for num_done in (0, 1, 2)]


def test_notes_are_told_once_for_all_runs(clock_of):
    assert UPSCALE[0] in clock_of(run=0)[1]
    assert UPSCALE[0] not in clock_of(run=1)[1]
