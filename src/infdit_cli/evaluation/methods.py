"""What the methods of an evaluation are called: a resampler by its name, the model by its steps."""

from __future__ import annotations

_STEPS = "steps "


def model_method(num_steps: int) -> str:
    """Return what the model is called with a number of sampler steps."""
    return f"{_STEPS}{num_steps}"


def steps_of(method: str) -> int | None:
    """Return the model's sampler steps; ``None`` for a resampler."""
    return int(method.removeprefix(_STEPS)) if method.startswith(_STEPS) else None
