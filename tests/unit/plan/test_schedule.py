"""Schedules cover every visit once and keep UniBA's edges."""

from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from infdit_cli.geometry import BlockIndex, Size
from infdit_cli.plan import Layout, legs, num_legs

SIZES = st.builds(Size, st.integers(1, 6), st.integers(1, 6))


@given(SIZES, SIZES, st.integers(1, 3), st.sampled_from(["step", "block"]))
def test_every_visit_comes_once_and_after_all_it_needs(grid, batch, num_evaluations, order):
    done: set[tuple[int, BlockIndex]] = set()
    for visit in chain.from_iterable(legs(grid, batch, num_evaluations=num_evaluations, order=order)):
        now = {(visit.evaluation, block) for block in visit.blocks.blocks()}
        assert not now & done
        for evaluation, (row, col) in now:
            assert evaluation == 0 or (evaluation - 1, BlockIndex(row, col)) in done
            for neighbour in [(row, col - 1), (row - 1, col), (row - 1, col - 1)]:
                if min(neighbour) >= 0:
                    assert (evaluation, BlockIndex(*neighbour)) in done | now
        done |= now
    assert len(done) == num_evaluations * grid.area


@given(SIZES, SIZES, st.integers(1, 3), st.sampled_from(["step", "block"]))
def test_legs_are_as_many_as_told_and_equally_long(grid, batch, num_evaluations, order):
    cut = list(legs(grid, batch, num_evaluations=num_evaluations, order=order))
    layout = Layout(order=order, super_block=batch)
    assert len(cut) == num_legs(grid, layout, num_evaluations=num_evaluations)
    assert len({len(leg) for leg in cut}) == 1


@given(SIZES, SIZES, st.integers(1, 3), st.sampled_from(["step", "block"]))
def test_between_legs_either_nothing_is_half_denoised_or_no_neighbour_is_awaited(
    grid, batch, num_evaluations, order
):
    done: set[tuple[int, BlockIndex]] = set()
    for leg in legs(grid, batch, num_evaluations=num_evaluations, order=order):
        done |= {(visit.evaluation, block) for visit in leg for block in visit.blocks.blocks()}
        last = num_evaluations - 1
        swept = len(done) % grid.area == 0
        assert swept or all((last, block) in done for _, block in done)
