"""Budgets and learning rates."""

import pytest

from infdit_cli.training.schedule import Budget, learning_rate


def test_a_budget_of_steps_ignores_the_clock_and_one_of_seconds_ignores_steps():
    assert Budget(steps=10).fraction(elapsed_s=1e9, step=5) == 0.5
    assert Budget(seconds=10.0).fraction(elapsed_s=2.5, step=10**9) == 0.25
    assert Budget(steps=10).fraction(elapsed_s=0.0, step=20) == 1.0


def test_shares_split_a_budget():
    assert Budget(steps=10).share(0.3) == Budget(steps=3)
    assert Budget(seconds=10.0).share(0.3) == Budget(seconds=3.0)


def test_the_learning_rate_rises_then_falls_to_a_hundredth():
    rates = [learning_rate(1.0, fraction=step / 100, step=step, warmup_steps=10) for step in range(101)]
    assert rates[0] == pytest.approx(0.1)
    assert max(rates) == pytest.approx(rates[9], rel=0.02)
    assert rates[100] == pytest.approx(0.01)
    assert rates[10:] == sorted(rates[10:], reverse=True)
