"""Detect infinite and NaN outputs, as damaged weights give."""

from __future__ import annotations

from torch import Tensor

from infdit_cli.errors import NonFiniteOutput


def is_finite(x: Tensor) -> bool:
    """Return whether no number of ``x``, of any shape, is infinite or NaN."""
    return bool(x.isfinite().all())


def not_finite(message: str) -> NonFiniteOutput:
    """Return the error of a part of the model that gives such numbers, with what to do about it."""
    return NonFiniteOutput(message, hint="the checkpoint may be damaged: infdit weights verify")
