"""Plans against their promises: they fit, more memory is never slower, less memory never takes more."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infdit_cli.errors import DoesNotFit
from infdit_cli.geometry import Size
from infdit_cli.plan import (
    Budget,
    JobBytes,
    Plan,
    Speed,
    Wishes,
    Workload,
    make_plan,
    roomiest_layout,
    whole_picture_bytes,
)
from infdit_cli.plan.planner import ADVICE_MIB, layouts
from support.real_sizes import COMPACT, CPU_TRAITS, GPU_TRAITS, RELEASED

MIB, GIB = 1 << 20, 1 << 30
SPEED = Speed(visit_s=0.01, block_s=0.005, base_px_s=1e-5, host_bytes_per_s=2e10, disk_bytes_per_s=3e8)
UNLIMITED = Budget(device_bytes=1 << 60, host_bytes=1 << 60, disk_bytes=1 << 60)


def released_on_a_gpu(grid: Size, num_evaluations: int = 39) -> Workload:
    return Workload(
        config=RELEASED,
        grid=grid,
        num_evaluations=num_evaluations,
        state_planes=2,
        dtype_bytes=2,
        weights_bytes=1_508_000_000,
        streamed_bytes=1_400_000_000,
        job_bytes=JobBytes(process=3 * GIB),
        device=GPU_TRAITS,
    )


def works() -> st.SearchStrategy[Workload]:
    """Both models, on CPUs and GPUs, over pictures of any shape."""
    return st.builds(
        lambda config, grid, evaluations, device: Workload(
            config=config,
            grid=grid,
            num_evaluations=evaluations,
            state_planes=2 if evaluations > 1 else 0,
            dtype_bytes=2,
            weights_bytes=100 * MIB,
            streamed_bytes=80 * MIB,
            job_bytes=JobBytes(process=300 * MIB, written=10 * MIB),
            device=device,
        ),
        st.sampled_from([COMPACT, RELEASED]),
        st.builds(Size, st.integers(1, 300), st.integers(1, 300)),
        st.integers(1, 40),
        st.sampled_from([CPU_TRAITS, GPU_TRAITS]),
    )


def smallest(work: Workload) -> int:
    """Return the least of the device's memory that a plan with any host memory and disk needs."""
    with pytest.raises(DoesNotFit) as caught:
        make_plan(work, replace(UNLIMITED, device_bytes=0), SPEED)
    return int(re.search(r"--memory (\d+)MiB", caught.value.hint)[1]) * MIB


@settings(max_examples=30)
@given(works(), st.integers(0, 40), st.integers(0, 40))
def test_more_memory_is_never_slower_and_less_never_takes_more(work, steps, more_steps):
    floor = smallest(work)
    small = make_plan(work, replace(UNLIMITED, device_bytes=int(floor * 1.2**steps)), SPEED)
    large = make_plan(work, replace(UNLIMITED, device_bytes=int(floor * 1.2 ** (steps + more_steps))), SPEED)
    assert large.seconds <= small.seconds
    assert small.device_bytes <= large.device_bytes


@settings(max_examples=30)
@given(works(), st.integers(0, 40))
def test_a_plan_stays_within_the_budget(work, steps):
    budget = replace(UNLIMITED, device_bytes=int(smallest(work) * 1.2**steps))
    assert make_plan(work, budget, SPEED).device_bytes <= budget.device_bytes


@settings(max_examples=20)
@given(works())
def test_the_budget_that_a_refusal_names_would_do_and_hardly_less(work):
    floor = smallest(work)
    assert make_plan(work, replace(UNLIMITED, device_bytes=floor), SPEED)
    with pytest.raises(DoesNotFit):
        make_plan(work, replace(UNLIMITED, device_bytes=floor - (ADVICE_MIB + 1) * MIB), SPEED)


@settings(max_examples=20)
@given(works())
def test_among_all_layouts_none_that_fits_is_faster(work):
    budget = replace(UNLIMITED, device_bytes=2 * smallest(work))
    best = make_plan(work, budget, SPEED)
    for layout in layouts(work, Wishes()):
        wishes = Wishes(
            order=layout.order, super_block=layout.super_block, weights_place=layout.weights_place
        )
        try:
            other = make_plan(work, budget, SPEED, wishes)
        except DoesNotFit:
            continue
        assert best.seconds <= other.seconds


@settings(max_examples=20)
@given(works())
def test_a_picture_without_limits_is_planned_with_everything_on_the_device(work):
    layout = make_plan(work, UNLIMITED, SPEED).layout
    assert (layout.kv_place, layout.canvas_place, layout.weights_place) == ("device",) * 3
    assert layout.super_block == roomiest_layout(work).super_block


def test_what_the_user_fixed_is_honoured_and_stays_in_the_picture():
    work = replace(released_on_a_gpu(Size(3, 5)), device=CPU_TRAITS)
    plan = make_plan(work, UNLIMITED, SPEED, Wishes(order="step", super_block=Size(2, 99)))
    assert (plan.layout.order, plan.layout.super_block) == ("step", (2, 5))


def test_a_4096_px_picture_of_the_released_model_is_planned_into_4_gib_of_a_gpu():
    work = released_on_a_gpu(Size(32, 32))
    plan = make_plan(work, Budget(device_bytes=4 * GIB, host_bytes=32 * GIB, disk_bytes=0), SPEED)
    assert plan.device_bytes <= 4 * GIB
    assert plan.layout.weights_place == "device"
    # The original's default mode takes about 70 GB for it.
    assert 15 * plan.device_bytes < 70 * 10**9


def test_the_memory_of_block_major_does_not_depend_on_the_height():
    low, high = (_compact_plan(Size(height, 256)) for height in (32, 256))
    assert low.layout == high.layout
    assert low.device_bytes == high.device_bytes


def test_a_whole_picture_at_once_takes_memory_in_step_with_its_area():
    works = [released_on_a_gpu(Size(side, side)) for side in (16, 32)]
    small, large = (whole_picture_bytes(work) - work.weights_bytes for work in works)
    assert 3.5 * small < large < 4.1 * small


def test_a_whole_picture_at_once_is_a_plan_that_keeps_no_keys_and_values():
    work = released_on_a_gpu(Size(2, 2), num_evaluations=1)
    plan = make_plan(work, UNLIMITED, SPEED, Wishes(order="step", super_block=work.grid))
    assert plan.layout.kv_place == "device"
    held = {item.name: item.nbytes for item in plan.items if item.place == "device"}
    assert "keys and values" not in held
    assert whole_picture_bytes(work) == sum(held.values())


def _compact_plan(grid: Size) -> Plan:
    work = Workload(
        config=COMPACT, grid=grid, num_evaluations=1, state_planes=0, dtype_bytes=4, device=CPU_TRAITS
    )
    return make_plan(work, UNLIMITED, SPEED)


@pytest.mark.parametrize(
    ("budget", "what", "advice"),
    [
        (Budget(device_bytes=GIB, host_bytes=1 << 60, disk_bytes=1 << 60), "device memory", "--memory"),
        (Budget(device_bytes=1 << 60, host_bytes=GIB, disk_bytes=1 << 60), "host memory", "close"),
        (Budget(device_bytes=1 << 60, host_bytes=1 << 60, disk_bytes=0), "disk", "--spool"),
        (Budget(device_bytes=MIB, host_bytes=MIB, disk_bytes=MIB), "device memory", "smaller scale"),
    ],
)
def test_a_refusal_says_what_is_short(budget, what, advice):
    work = replace(
        released_on_a_gpu(Size(32, 32)),
        weights_bytes=2 * GIB,
        streamed_bytes=0,
        job_bytes=JobBytes(process=3 * GIB, written=GIB),
    )
    with pytest.raises(DoesNotFit, match=what) as caught:
        make_plan(work, budget, SPEED)
    assert advice in caught.value.hint
