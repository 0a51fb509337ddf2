"""What an evaluation compares: resamplers by their names, the model by its steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from infdit_cli.degradation import Pixels

Enlarge = Callable[[Pixels, int], Pixels]  # (LR pixels [h, w, 3], scale) to HR pixels


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A way to enlarge pictures.

    Args:
        name: What reports call it.
        enlarge: Does it.
        steps: The model's sampler steps; ``None`` for a resampler.
    """

    name: str
    enlarge: Enlarge
    steps: int | None = None

    @classmethod
    def of_model(cls, steps: int, enlarge: Enlarge) -> Self:
        """Return the model with a number of sampler steps."""
        return cls(name=f"steps {steps}", enlarge=enlarge, steps=steps)
