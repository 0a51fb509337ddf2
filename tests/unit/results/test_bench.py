"""Results of benchmarks survive being written down; what was committed can still be read."""

import copy
import json
from pathlib import Path

import pytest

from infdit_cli.results import BenchResult, Timing
from infdit_cli.strict_json import Misread
from support.benches import AGAINST, BENCHED, ON_A_GPU

# What results from before `--against` lack.
LATER = {"against": [], "unmeasured_against": []}
COMMITTED = sorted((Path(__file__).parents[3] / "bench" / "results").glob("*.json"))
AS_WRITTEN = json.loads(json.dumps(BENCHED.to_dict()))


@pytest.mark.parametrize("result", [BENCHED, ON_A_GPU, AGAINST], ids=["CPU", "GPU", "against"])
def test_a_result_comes_back_as_it_was(result):
    assert BenchResult.from_dict(json.loads(json.dumps(result.to_dict()))) == result


@pytest.mark.parametrize(
    "data",
    [AS_WRITTEN, *(json.loads(path.read_text(encoding="utf-8")) for path in COMMITTED)],
    ids=["made up", *(path.name for path in COMMITTED)],
)
def test_everything_that_is_committed_has_the_schema(data):
    result = BenchResult.from_dict(data)
    assert json.loads(json.dumps(result.to_dict())) == LATER | data
    assert result.measured or result.unmeasured


def test_a_timing_sums_up_its_runs():
    assert Timing.of([3.0, 1.0, 2.0]) == Timing(runs=(3.0, 1.0, 2.0), median=2.0, fastest=1.0, slowest=3.0)


def test_a_result_from_before_other_networks_has_none():
    older = {name: value for name, value in AS_WRITTEN.items() if name not in LATER}
    assert BenchResult.from_dict(older) == BENCHED


def wrong(**changes):
    return copy.deepcopy(AS_WRITTEN) | changes


def measured_wrong(**changes):
    row = AS_WRITTEN["measured"][0]
    return wrong(measured=[row | changes])


def peer_wrong(**changes):
    row = json.loads(json.dumps(AGAINST.to_dict()))["against"][0]
    return wrong(against=[row | changes])


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (wrong(schema="infdit-bench/2"), "schema is 'infdit-bench/2'"),
        (wrong(machine=None), "machine is not an object"),
        (measured_wrong(peak_bytes=None), r"measured\[0\].peak_bytes is None"),
        (
            measured_wrong(picture={"runs": [1.0, 1.0], "median": 2.0, "fastest": 1.0, "slowest": 1.0}),
            "512 px",
        ),
        (wrong(repeats=3), "not 3 runs"),
        (peer_wrong(name="another"), r"against\[0\].name is 'another'"),
        (
            peer_wrong(evaluation={"runs": [1.0], "median": 1.0, "fastest": 1.0, "slowest": 1.0}),
            "1024 px, sdxl-unet: not 2 runs",
        ),
    ],
    ids=["schema", "machine", "bytes", "median", "repeats", "peer", "runs of a peer"],
)
def test_what_contradicts_itself_is_refused(data, says):
    with pytest.raises(Misread, match=says):
        BenchResult.from_dict(data)
