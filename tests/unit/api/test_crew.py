"""A batch shared by processes: every picture once, and no process is left behind."""

import multiprocessing
from pathlib import Path

import pytest

from infdit_cli.api.batch import upscale_all
from infdit_cli.api.crew import upscale_all_on
from infdit_cli.api.worker import Assignment, Ended, Ready, work
from infdit_cli.batch import BatchItem
from infdit_cli.config import UpscaleOptions
from infdit_cli.errors import InfditError, OutOfMemory, UnreadableImage, WeightsError
from infdit_cli.events import BatchProgressed, Noted
from infdit_cli.results import FailedPicture, UpscaleResult
from infdit_cli.upscaling.sharing import Sharing
from support import crew_bodies
from support.photos import smooth_noise

OPTIONS = UpscaleOptions(steps=0, device="cpu")


@pytest.fixture
def items(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "alone").mkdir()
    return [_item(tmp_path, index) for index in range(5)]


@pytest.fixture(autouse=True)
def nobody_is_left():
    yield
    assert multiprocessing.active_children() == []


def _item(folder: Path, index: int) -> BatchItem:
    source = folder / f"{index}.png"
    smooth_noise(12, 20, seed=index).save(source)
    return BatchItem(source=source, destination=folder / "out" / source.name, nbytes=source.stat().st_size)


def _share(items, body, on_outcome=lambda _: None, on_event=lambda _: None):
    upscale_all_on(["cpu", "auto"], items, OPTIONS, on_event=on_event, on_outcome=on_outcome, body=body)


def test_every_picture_is_done_once_as_one_process_would(tmp_path, items):
    outcomes, events = [], []
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    items.append(BatchItem(source=broken, destination=tmp_path / "out" / "broken.png", nbytes=10))
    upscale_all_on(["cpu", "cpu"], items, OPTIONS, on_event=events.append, on_outcome=outcomes.append)
    done = [outcome for outcome in outcomes if isinstance(outcome, UpscaleResult)]
    assert sorted(outcome.source for outcome in done) == [item.source for item in items[:5]]
    [failed] = [outcome for outcome in outcomes if isinstance(outcome, FailedPicture)]
    assert isinstance(failed.error, UnreadableImage)
    assert "Traceback" in failed.error.__notes__[0]

    steps = [event for event in events if isinstance(event, BatchProgressed)]
    assert max(step.done for step in steps) == sum(item.nbytes for item in items[:5])
    assert all(step.done <= step.total for step in steps)
    assert {step.number for step in steps} == {1, 2, 3, 4, 5}

    alone = [
        BatchItem(source=item.source, destination=tmp_path / "alone" / item.source.name) for item in items[:5]
    ]
    upscale_all(alone, OPTIONS, on_event=lambda _: None, on_outcome=lambda _: None)
    for item, other in zip(items, alone, strict=False):
        assert item.destination.read_bytes() == other.destination.read_bytes()


def test_a_process_that_is_killed_is_told_and_the_others_are_stopped(items):
    outcomes = []
    with pytest.raises(OutOfMemory, match="the process on cpu was killed"):
        _share(items, crew_bodies.killed_by_the_system, outcomes.append)
    assert len({outcome.source for outcome in outcomes}) == len(outcomes) < len(items)


def test_a_process_that_somebody_else_stops_is_told(items):
    outcomes = []
    with pytest.raises(InfditError, match="the process on cpu was ended by SIGTERM"):
        _share(items, crew_bodies.stopped_by_somebody, outcomes.append)
    assert len({outcome.source for outcome in outcomes}) == len(outcomes) < len(items)


def test_what_would_end_every_picture_ends_all_processes(items):
    outcomes = []
    with pytest.raises(WeightsError, match="no weights") as caught:
        _share(items, crew_bodies.without_weights, outcomes.append)
    assert caught.value.hint == "get some"
    assert len(outcomes) == 1


def test_an_interruption_waits_for_what_is_computed(items):
    outcomes = []

    def interrupt_first(outcome):
        outcomes.append(outcome)
        if len(outcomes) == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        _share(items, crew_bodies.one_picture_each, interrupt_first)
    assert len({outcome.source for outcome in outcomes}) == len(outcomes) >= 2


def test_where_nobody_listens_the_processes_end(items):
    def closed(_):
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        _share(items, crew_bodies.one_picture_each, closed)


def test_without_pictures_no_process_is_started():
    def not_called(*_, **__):
        pytest.fail("there was nothing to do")

    upscale_all_on(["cpu", "cpu"], [], OPTIONS, on_event=not_called, on_outcome=not_called, body=not_called)


class Line:
    """The end of a line that a process holds, with nobody to answer."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.sent = []

    def send(self, told):
        self.sent.append(told)

    def recv(self):
        return self.answers.pop(0)


class Unportable(Exception):
    """Cannot be pickled: its arguments are not those it was made with."""

    def __init__(self, one, two):
        super().__init__(f"{one} and {two}")


@pytest.mark.parametrize(
    ("error", "carried"),
    [
        (WeightsError("gone", hint="look"), "WeightsError('gone')"),
        (Unportable(1, 2), "RuntimeError('Unportable: 1 and 2')"),
    ],
)
def test_an_error_travels_whatever_it_is(monkeypatch, items, error, carried):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr("infdit_cli.api.batch.upscale_all", fail)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    monkeypatch.setattr("torch.set_num_threads", lambda _: None)
    line = Line()
    work(Assignment(items=tuple(items), options=OPTIONS, devices=("cpu",), output=None), line)
    [ended] = line.sent
    assert isinstance(ended, Ended)
    assert repr(ended.error) == carried


@pytest.mark.parametrize(
    ("device", "devices", "sharing", "threads"),
    [
        ("cpu", ["cpu", "cpu"], Sharing(num_on_host=2, num_on_device=2), [2]),
        ("cpu", ["cuda:0", "cpu", "cuda:0"], Sharing(num_on_host=3, num_on_device=1), [5]),
        ("cuda:0", ["cuda:0", "cpu", "cuda:0"], Sharing(num_on_host=3, num_on_device=2), []),
    ],
)
def test_a_process_takes_turns_shares_the_machine_and_says_when_it_was_asked_to_end(
    monkeypatch, items, *, device, devices, sharing, threads
):
    def take_two(_items, _options, *, turns, on_event, sharing, **_):
        on_event(Noted(f"{[next(turns), *turns] == items[:2]}, {sharing}"))
        raise KeyboardInterrupt

    told = []
    monkeypatch.setattr("infdit_cli.api.batch.upscale_all", take_two)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    monkeypatch.setattr("torch.get_num_threads", lambda: 5)
    monkeypatch.setattr("torch.set_num_threads", told.append)
    monkeypatch.setattr("torch.cuda.is_available", lambda: True)
    monkeypatch.setattr("torch.cuda.device_count", lambda: 1)
    line = Line(*items[:2], None)
    options = UpscaleOptions(device=device)
    work(Assignment(items=tuple(items), options=options, devices=tuple(devices), output=None), line)
    *before, ended = line.sent
    assert before == [Ready(), Ready(), Ready(), Noted(f"True, {sharing}")]
    assert repr(ended.error) == f"InfditError('the process on {device} was ended by SIGTERM')"
    assert told == threads
