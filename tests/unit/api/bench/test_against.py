"""Networks of others over processes that only pretend to measure."""

from dataclasses import replace

import pytest

from infdit_cli.api.bench import against as module
from infdit_cli.api.bench.against import measure_against
from infdit_cli.benchmarking.fresh_process import Crashed
from infdit_cli.benchmarking.messages import BenchRequest
from infdit_cli.errors import DoesNotFit, OutOfMemory
from infdit_cli.events import Benched
from support.benches import MODEL, PROBED, peer_measurement

REQUEST = BenchRequest(sizes_px=(1024, 512), against=("sdxl-unet",))


@pytest.fixture
def cases(monkeypatch):
    """Keep what processes are asked for; each gives a measurement, unless ``errors`` has its size."""
    kept = Cases()
    monkeypatch.setattr(module, "in_fresh_process", kept)
    return kept


class Cases(list):
    """Stands in for processes."""

    def __init__(self):
        super().__init__()
        self.errors = {}

    def __call__(self, work, case, *, on_event):
        self.append(case)
        if case.size_px in self.errors:
            raise self.errors[case.size_px]
        return peer_measurement(case.size_px)


def test_every_resolution_is_measured_where_the_model_runs_and_in_its_format(cases):
    probed = replace(PROBED, model=replace(MODEL, device="cuda:1", dtype="bfloat16"))
    events = []
    rows = measure_against(REQUEST, probed, events.append)
    assert rows.measured == (peer_measurement(1024), peer_measurement(512))
    assert (rows.unmeasured, rows.errors) == ((), ())
    assert {(case.device, case.dtype, case.peer) for case in cases} == {("cuda:1", "bfloat16", "sdxl-unet")}
    assert events == [Benched(size_px, 32.0, peer="SDXL-shaped UNet") for size_px in (1024, 512)]


@pytest.mark.parametrize("error", [DoesNotFit("too large"), OutOfMemory("too large"), Crashed("too large")])
def test_a_resolution_that_fails_stops_none_of_the_others(cases, error):
    cases.errors[1024] = error
    events = []
    rows = measure_against(REQUEST, PROBED, events.append)
    assert rows.measured == (peer_measurement(512),)
    [failed] = rows.unmeasured
    assert (failed.name, failed.size_px, failed.message) == ("sdxl-unet", 1024, "too large")
    assert failed.type == type(error).__name__
    assert rows.errors == (error,)
    assert events[0] == Benched(1024, None, failure="too large", peer="SDXL-shaped UNet")


def test_nothing_is_measured_that_was_not_asked_for(cases):
    assert measure_against(BenchRequest(), PROBED, print).measured == ()
    assert cases == []
