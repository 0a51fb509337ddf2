"""Python's own numbers in place of NumPy's, which ``Fraction`` and JSON do not take."""

from __future__ import annotations

from numbers import Integral, Real
from typing import Any


def make_plain(settings: object, *names: str) -> None:
    """Replace the numbers in fields of a frozen dataclass, also those in tuples; what is none stays."""
    for name in names:
        value = getattr(settings, name)
        plain = tuple(map(_plain, value)) if isinstance(value, tuple) else _plain(value)
        object.__setattr__(settings, name, plain)


def _plain(value: Any) -> Any:
    if type(value) in {bool, int, float}:
        return value
    if isinstance(value, Integral):
        return int(value)
    return float(value) if isinstance(value, Real) else value
