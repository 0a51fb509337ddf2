"""Writing progress down costs a small, known part of the time."""

from hypothesis import given
from hypothesis import strategies as st

from infdit_cli.upscaling.journal_pace import FREE_S, SHARE, JournalPace


class Clock:
    def __init__(self):
        self.now_s = 1000.0

    def __call__(self):
        return self.now_s


def take_turn(pace, clock, seconds):
    with pace.turn():
        clock.now_s += seconds


def test_the_first_turn_is_due_whatever_it_may_cost():
    assert JournalPace(Clock()).is_due


def test_cheap_turns_are_always_due():
    clock = Clock()
    pace = JournalPace(clock)
    for _ in range(1000):
        clock.now_s += 1
        assert pace.is_due
        take_turn(pace, clock, 0.03)


def test_a_costly_turn_has_to_be_earned_twice_before_the_next():
    clock = Clock()
    pace = JournalPace(clock)
    take_turn(pace, clock, 10)
    assert not pace.is_due
    clock.now_s = 1000 + (2 * 10 - FREE_S) / SHARE - 1
    assert not pace.is_due
    clock.now_s += 2
    assert pace.is_due


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0, 100)), max_size=50))
def test_from_the_second_turn_on_steady_costs_stay_below_the_share(legs):
    cost_s = 7.0
    clock, spent_s = Clock(), 0.0
    pace = JournalPace(clock)
    for leg_s, _ in legs:
        clock.now_s += leg_s
        if pace.is_due:
            take_turn(pace, clock, cost_s)
            spent_s += cost_s
    assert spent_s <= max(cost_s, FREE_S + SHARE * (clock.now_s - 1000) + 1e-6)
