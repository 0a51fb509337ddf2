"""Budgets and learning rates."""

import pytest

from infdit_cli.training.schedule import Spent, TrainingBudget, learning_rate


def test_a_budget_of_steps_ignores_the_clock_and_one_of_seconds_ignores_steps():
    assert TrainingBudget(steps=10).fraction(elapsed_s=1e9, step=5) == 0.5
    assert TrainingBudget(seconds=10.0).fraction(elapsed_s=2.5, step=10**9) == 0.25
    assert TrainingBudget(steps=10).fraction(elapsed_s=0.0, step=20) == 1.0


@pytest.mark.parametrize(
    "shares", [(0.5, 0.5), (0.3, 0.3, 0.4), (0.1, 0.9), (0.7, 0.1, 0.2), (1.0,)], ids=str
)
@pytest.mark.parametrize("steps", [1, 2, 3, 5, 10, 999])
def test_stages_take_all_steps_between_them(shares, steps):
    spent, end, taken = Spent(), 0.0, []
    for share in shares:
        end += share
        taken.append(TrainingBudget(steps=steps).rest(end, spent).steps)
        spent = spent.plus(1.0, taken[-1])
    assert sum(taken) == steps
    assert all(abs(count - share * steps) <= 1 for count, share in zip(taken, shares, strict=True))


def test_what_an_earlier_stage_did_not_take_is_for_the_next():
    assert TrainingBudget(steps=10).rest(0.8, Spent(steps=3)) == TrainingBudget(steps=5)
    assert TrainingBudget(seconds=10.0).rest(0.8, Spent(seconds=3.0)) == TrainingBudget(seconds=5.0)
    assert TrainingBudget(steps=4).rest(0.5, Spent(steps=3)) == TrainingBudget(steps=0)


def test_the_learning_rate_rises_then_falls_to_a_hundredth():
    rates = [learning_rate(1.0, fraction=step / 100, step=step, warmup_steps=10) for step in range(101)]
    assert rates[0] == pytest.approx(0.1)
    assert max(rates) == pytest.approx(rates[9], rel=0.02)
    assert rates[100] == pytest.approx(0.01)
    assert rates[10:] == sorted(rates[10:], reverse=True)
