"""What is wrong with one picture of a batch, and would be wrong with every other."""

from __future__ import annotations

from infdit_cli.errors import (
    DeviceUnavailable,
    MissingExtra,
    NonFiniteOutput,
    OptionError,
    WeightsError,
    WouldShrink,
)

_OF_ALL = (DeviceUnavailable, MissingExtra, OptionError, WeightsError)
_OF_ONE = (NonFiniteOutput, WouldShrink)  # although they are kinds of those


def concerns_all(error: Exception) -> bool:
    """Tell whether every other picture would fail with ``error`` as well, whatever it is like."""
    return isinstance(error, _OF_ALL) and not isinstance(error, _OF_ONE)
