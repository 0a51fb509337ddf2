"""Schedules cover every visit once and keep UniBA's edges."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from infdit_cli.geometry import BlockIndex, Size
from infdit_cli.plan import Layout, Walk

ORDERS = st.sampled_from(["step", "block"])
SIZES = st.builds(Size, st.integers(1, 6), st.integers(1, 6))
LAYOUTS = st.builds(lambda order, super_block: Layout(order=order, super_block=super_block), ORDERS, SIZES)
WALKS = st.builds(Walk, SIZES, LAYOUTS, st.integers(1, 3))


@given(WALKS)
def test_every_visit_comes_once_and_after_all_it_needs(walk):
    done: set[tuple[int, BlockIndex]] = set()
    for visit in (visit for leg in walk.legs() for visit in leg):
        now = {(visit.evaluation, block) for block in visit.blocks.blocks()}
        assert not now & done
        for evaluation, (row, col) in now:
            assert evaluation == 0 or (evaluation - 1, BlockIndex(row, col)) in done
            for neighbour in [(row, col - 1), (row - 1, col), (row - 1, col - 1)]:
                if min(neighbour) >= 0:
                    assert (evaluation, BlockIndex(*neighbour)) in done | now
        done |= now
    assert len(done) == walk.num_evaluations * walk.grid.area


@given(WALKS, st.booleans())
def test_visits_and_legs_are_as_many_as_told_and_legs_equally_long(walk, by_the_base_alone):
    walk = replace(walk, num_evaluations=0) if by_the_base_alone else walk
    cut = list(walk.legs())
    assert len(cut) == walk.num_legs
    assert sum(map(len, cut)) == walk.num_visits
    assert len({len(leg) for leg in cut}) == 1


@given(WALKS, st.integers(0, 20))
def test_legs_that_are_done_are_left_out(walk, num_done):
    assert list(walk.legs(after=num_done)) == list(walk.legs())[num_done:]


@given(ORDERS, SIZES, SIZES)
def test_where_the_base_alone_makes_the_picture_every_super_block_is_visited_once(order, grid, super_block):
    layout = Layout(order=order, super_block=super_block)
    assert list(Walk(grid, layout, 0).legs()) == list(Walk(grid, layout, 1).legs())


@given(WALKS)
def test_between_legs_either_nothing_is_half_denoised_or_no_neighbour_is_awaited(walk):
    done: set[tuple[int, BlockIndex]] = set()
    for leg in walk.legs():
        done |= {(visit.evaluation, block) for visit in leg for block in visit.blocks.blocks()}
        last = walk.num_evaluations - 1
        swept = len(done) % walk.grid.area == 0
        assert swept or all((last, block) in done for _, block in done)
