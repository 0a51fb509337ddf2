"""A benchmark over processes that only pretend to measure: what goes on, what ends it, what is written."""

import json
import sys

import pytest

from infdit_cli.api.bench import against, bench
from infdit_cli.api.bench import resolutions as module
from infdit_cli.benchmarking.fresh_process import Crashed
from infdit_cli.benchmarking.messages import BenchRequest
from infdit_cli.errors import (
    DiskFull,
    DoesNotFit,
    MissingExtra,
    MissingWeights,
    OptionError,
    OutOfMemory,
    OutputError,
    OutputNotWritable,
)
from infdit_cli.events import Benched
from infdit_cli.results import BenchResult
from support.benches import PROBED, measurement, peer_measurement

REQUEST = BenchRequest(sizes_px=(512, 1024, 256), repeats=2)
COMMAND = "infdit bench"


class Processes:
    """Stands in for processes: the first gives ``probed``, the others what ``outcomes`` has."""

    def __init__(self, outcomes=(), probed=PROBED):
        self.outcomes = dict(outcomes)
        self.probed = probed
        self.folders = {}

    def __call__(self, work, argument, *, on_event):
        if isinstance(argument, BenchRequest):
            return self._given(self.probed)
        assert argument.folder.is_dir()
        (argument.folder / "half.png").write_bytes(b"x")
        self.folders[argument.size_px] = argument.folder
        return self.outcome(argument.size_px)

    def outcome(self, size_px):
        return self._given(self.outcomes.get(size_px, measurement(size_px)))

    def _given(self, outcome):
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome


@pytest.fixture
def run(monkeypatch, tmp_path):
    """Run a benchmark over ``processes`` with a folder of its own, and return its report and events."""

    def go(processes, **files):
        monkeypatch.setattr(module, "in_fresh_process", processes)
        events = []
        request = BenchRequest(sizes_px=REQUEST.sizes_px, repeats=REQUEST.repeats, spool=tmp_path)
        return bench(request, command=COMMAND, on_event=events.append, **files), events

    return go


def test_every_resolution_is_measured_in_the_order_asked_for(run):
    report, events = run(Processes())
    assert [row.size_px for row in report.result.measured] == [512, 1024, 256]
    assert report.errors == ()
    assert events == [Benched(size_px, 1.125) for size_px in (512, 1024, 256)]
    assert (report.result.command, report.result.repeats) == (COMMAND, 2)


@pytest.mark.parametrize(
    "error",
    [DoesNotFit("too large"), DiskFull("too large"), OutOfMemory("too large"), Crashed("too large")],
    ids=lambda error: type(error).__name__,
)
def test_a_resolution_that_fails_stops_none_of_the_others(run, error):
    report, events = run(Processes({1024: error}))
    assert [row.size_px for row in report.result.measured] == [512, 256]
    [failed] = report.result.unmeasured
    assert (failed.size_px, failed.type, failed.message) == (1024, type(error).__name__, "too large")
    assert report.errors == (error,)
    assert Benched(1024, None, failure="too large") in events


@pytest.mark.parametrize("error", [MissingWeights("no such model"), Crashed("bug")], ids=str)
def test_what_would_fail_every_resolution_ends_it_at_once(run, error):
    processes = Processes(probed=error)
    with pytest.raises(type(error)):
        run(processes)
    assert processes.folders == {}


@pytest.mark.parametrize("outcome", [measurement(1024), OutOfMemory("killed"), KeyboardInterrupt()], ids=str)
def test_nothing_is_left_of_what_a_process_wrote(run, tmp_path, outcome):
    processes = Processes({1024: outcome})
    try:
        run(processes)
    except KeyboardInterrupt:
        assert list(processes.folders) == [512, 1024]
    assert list(tmp_path.iterdir()) == []
    assert len(set(processes.folders.values())) == len(processes.folders)


def test_networks_of_others_come_last_and_their_failures_too(monkeypatch, tmp_path):
    peers = Processes({512: peer_measurement(512), 256: OutOfMemory("killed")})
    monkeypatch.setattr(module, "in_fresh_process", Processes({512: DoesNotFit("too large")}))
    monkeypatch.setattr(against, "in_fresh_process", lambda _, case, on_event: peers.outcome(case.size_px))
    request = BenchRequest(sizes_px=(512, 256), against=("sdxl-unet",), spool=tmp_path)
    report = bench(request, command=COMMAND, on_event=lambda _: None)
    assert [row.size_px for row in report.result.measured] == [256]
    assert report.result.against == (peer_measurement(512),)
    [failed] = report.result.unmeasured_against
    assert (failed.name, failed.size_px, failed.type) == ("sdxl-unet", 256, "OutOfMemory")
    assert [str(error) for error in report.errors] == ["too large", "killed"]


def test_the_figures_are_written_and_can_be_read_back(run, tmp_path):
    path = tmp_path / "r.json"
    path.write_text("old", encoding="utf-8")
    report, _ = run(Processes({256: DoesNotFit("x")}), output=path)
    assert BenchResult.from_dict(json.loads(path.read_text(encoding="utf-8"))) == report.result


def test_a_disk_that_is_full_at_the_end_loses_no_figures(run, tmp_path, monkeypatch):
    full = DiskFull("no space left on device")
    monkeypatch.setattr(module, "write_files", raising(full))
    report, _ = run(Processes(), output=tmp_path / "r.json")
    assert report.unwritten is full
    assert [row.size_px for row in report.result.measured] == [512, 1024, 256]


def raising(error):
    def fail(*_):
        raise error

    return fail


def test_a_plot_is_drawn(run, tmp_path):
    run(Processes(), plot=tmp_path / "p.png")
    assert (tmp_path / "p.png").read_bytes().startswith(b"\x89PNG")


def test_without_a_measurement_there_is_no_plot(run, tmp_path):
    error = DoesNotFit("x")
    report, _ = run(Processes(dict.fromkeys(REQUEST.sizes_px, error)), plot=tmp_path / "p.png")
    assert report.errors == (error,) * 3
    assert not (tmp_path / "p.png").exists()


@pytest.mark.parametrize(
    ("files", "error"),
    [
        ({"output": "missing/r.json"}, OutputNotWritable),
        ({"output": "."}, OutputNotWritable),
        ({"plot": "missing/p.png"}, OutputNotWritable),
        ({"output": "loop.png"}, OutputError),
        ({"plot": "loop.png"}, OutputError),
        ({"output": "loop.png", "plot": "loop.png"}, OutputError),
        ({"plot": "p.bmp"}, OptionError),
        ({"output": "p.png", "plot": "p.png"}, OptionError),
    ],
    ids=str,
)
def test_a_file_that_cannot_be_written_is_told_before_anything_is_measured(run, tmp_path, files, error):
    (tmp_path / "loop.png").symlink_to("loop.png")
    processes = Processes(probed=AssertionError("measured all the same"))
    with pytest.raises(error):
        run(processes, **{name: tmp_path / path for name, path in files.items()})


def test_a_missing_spool_folder_is_told_before_anything_is_measured(tmp_path):
    with pytest.raises(OutputNotWritable, match="no such folder"):
        bench(BenchRequest(spool=tmp_path / "missing"), command=COMMAND, on_event=print)


def test_without_matplotlib_a_plot_says_what_to_install(run, tmp_path, monkeypatch):
    monkeypatch.delitem(sys.modules, "infdit_cli.benchmarking.plot", raising=False)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setitem(sys.modules, "matplotlib.axes", None)
    with pytest.raises(MissingExtra, match="matplotlib") as caught:
        run(Processes(), plot=tmp_path / "p.png")
    assert "pip install matplotlib" in caught.value.hint
