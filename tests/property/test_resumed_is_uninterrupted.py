"""A run that is broken off anywhere, as often as you like, ends in the very bytes of one that is not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.jobs import Job
from support.journals import write_every_leg_down

STOPS = st.lists(st.integers(1, 40), min_size=1, max_size=4)
SUPER_BLOCKS = st.tuples(st.integers(1, 3), st.integers(1, 3))


@pytest.fixture(autouse=True)
def _every_leg_is_written_down(monkeypatch):
    write_every_leg_down(monkeypatch)


def assert_resumed_is_uninterrupted(folder, stops, **options):
    job = Job(folder, **options)
    job.run("whole.png")
    for stop in stops:
        if not (folder / "out.png").exists():
            job.run(stop_after=stop)
    job.run(overwrite=True)
    assert job.result() == job.result("whole.png")
    assert job.hidden == []


@settings(max_examples=25)
@given(
    stops=STOPS,
    order=st.sampled_from(["step", "block"]),
    block_batch=SUPER_BLOCKS,
    steps=st.integers(0, 3),
    sampler=st.sampled_from(["heun", "dpmpp-2m"]),
    scale=st.sampled_from([2, 4]),
)
def test_one_pass(tmp_path_factory, stops, **options):
    assert_resumed_is_uninterrupted(tmp_path_factory.mktemp("job"), stops, **options)


@settings(max_examples=8)
@given(
    stops=STOPS,
    order=st.sampled_from(["step", "block"]),
    block_batch=SUPER_BLOCKS,
    steps=st.integers(0, 2),
    scale=st.sampled_from([8, 16]),
)
def test_a_chain_of_passes(tmp_path_factory, stops, **options):
    folder = tmp_path_factory.mktemp("job")
    assert_resumed_is_uninterrupted(folder, stops, height=5, width=4, **options)


@pytest.mark.parametrize("order", ["step", "block"])
def test_every_visit(tmp_path, order):
    job = Job(tmp_path, height=9, width=5, order=order)
    num_visits = job.run("whole.png").num_visits
    for stop in range(1, num_visits):
        job.run(stop_after=stop)
        resumed = job.run()
        redone = stop + resumed.num_visits - num_visits
        assert 0 <= redone < num_visits / (2 if order == "step" else 3)
        assert job.result() == job.result("whole.png")
        (tmp_path / "out.png").unlink()
    assert job.hidden == []
