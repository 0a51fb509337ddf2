"""How long a stage goes on and how its learning rate falls, by the clock or by steps."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Budget:
    """Seconds or steps; exactly one of the two is set.

    Args:
        seconds: Wall time of training proper, validation and saving included.
        steps: Optimizer steps.
    """

    seconds: float | None = None
    steps: int | None = None

    def share(self, part: float) -> Budget:
        """Return ``part`` of the budget."""
        if self.steps is not None:
            return Budget(steps=round(self.steps * part))
        return Budget(seconds=(self.seconds or 0.0) * part)

    def fraction(self, *, elapsed_s: float, step: int) -> float:
        """Return how much is used up, from 0 to 1."""
        used, whole = (step, self.steps) if self.steps is not None else (elapsed_s, self.seconds)
        return min(used / whole, 1.0) if whole else 1.0


def learning_rate(peak: float, *, fraction: float, step: int, warmup_steps: int) -> float:
    """Return a linear rise over ``warmup_steps``, times half a cosine from ``peak`` to a hundredth of it."""
    cosine = 0.5 * (1 + math.cos(math.pi * fraction))
    return peak * min((step + 1) / warmup_steps, 1.0) * (0.01 + 0.99 * cosine)
