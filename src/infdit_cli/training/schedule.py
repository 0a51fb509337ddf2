"""How long a stage goes on and how its learning rate falls, by the clock or by steps."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple


class Spent(NamedTuple):
    """What stages have taken of a budget.

    Attributes:
        seconds: Wall time.
        steps: Optimizer steps.
    """

    seconds: float = 0.0
    steps: int = 0

    def plus(self, seconds: float, steps: int) -> Spent:
        """Return what is spent when so much more is."""
        return Spent(self.seconds + seconds, self.steps + steps)


@dataclass(frozen=True, slots=True)
class TrainingBudget:
    """Seconds or steps; exactly one of the two is set.

    Args:
        seconds: Wall time of training proper, validation and saving included.
        steps: Optimizer steps.
    """

    seconds: float | None = None
    steps: int | None = None

    def rest(self, end: float, spent: Spent) -> TrainingBudget:
        """Return what is left of the part of the budget up to ``end``, 0 to 1, when ``spent`` is gone."""
        if self.steps is not None:
            # Up where it is half: of a single step, the first stage gets it. Sums of shares are not exact.
            wanted = math.floor(self.steps * end + 0.5 + 1e-6)
            return TrainingBudget(steps=max(wanted - spent.steps, 0))
        return TrainingBudget(seconds=max((self.seconds or 0.0) * end - spent.seconds, 0.0))

    def fraction(self, *, elapsed_s: float, step: int) -> float:
        """Return how much is used up, from 0 to 1."""
        used, whole = (step, self.steps) if self.steps is not None else (elapsed_s, self.seconds)
        return min(used / whole, 1.0) if whole else 1.0


def learning_rate(peak: float, *, fraction: float, step: int, warmup_steps: int) -> float:
    """Return a linear rise over ``warmup_steps``, times half a cosine from ``peak`` to a hundredth of it."""
    cosine = 0.5 * (1 + math.cos(math.pi * fraction))
    return peak * min((step + 1) / warmup_steps, 1.0) * (0.01 + 0.99 * cosine)
