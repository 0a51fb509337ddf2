"""Schedules cover every visit once and keep UniBA's edges."""

from hypothesis import given
from hypothesis import strategies as st

from infdit_cli.geometry import BlockIndex, Size
from infdit_cli.plan import Workload, make_plan, visits
from support.pipelines import IMAGE

SIZES = st.builds(Size, st.integers(1, 6), st.integers(1, 6))


@given(SIZES, SIZES, st.integers(1, 3), st.sampled_from(["step", "block"]))
def test_every_visit_comes_once_and_after_all_it_needs(grid, batch, num_evaluations, order):
    done: set[tuple[int, BlockIndex]] = set()
    for visit in visits(grid, batch, num_evaluations=num_evaluations, order=order):
        now = {(visit.evaluation, block) for block in visit.blocks.blocks()}
        assert not now & done
        for evaluation, (row, col) in now:
            assert evaluation == 0 or (evaluation - 1, BlockIndex(row, col)) in done
            for neighbour in [(row, col - 1), (row - 1, col), (row - 1, col - 1)]:
                if min(neighbour) >= 0:
                    assert (evaluation, BlockIndex(*neighbour)) in done | now
        done |= now
    assert len(done) == num_evaluations * grid.area


def _work(grid: Size, num_evaluations: int) -> Workload:
    return Workload(config=IMAGE, grid=grid, num_evaluations=num_evaluations, state_planes=2, dtype_bytes=4)


def test_the_plan_takes_the_order_that_keeps_fewer_bytes():
    one_step = make_plan(_work(Size(100, 10), 1))
    assert one_step.order == "block"
    assert one_step.canvas_bytes == 0
    many_steps = make_plan(_work(Size(2, 10), 39))
    assert many_steps.order == "step"
    assert many_steps.kv_bytes == _work(Size(2, 10), 39).kv_row_bytes


def test_the_plan_honours_what_the_user_fixed_and_stays_in_the_picture():
    plan = make_plan(_work(Size(3, 5), 1), order="step", batch=(2, 99))
    assert (plan.order, plan.batch) == ("step", (2, 5))


@given(SIZES)
def test_super_blocks_stay_within_the_picture(grid):
    batch = make_plan(_work(grid, 1)).batch
    assert 1 <= batch.height <= grid.height
    assert 1 <= batch.width <= grid.width
