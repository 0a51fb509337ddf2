"""What went wrong with a picture of a batch, and whether it would with every other."""

from __future__ import annotations

from infdit_cli.batch import BatchItem
from infdit_cli.errors import (
    DeviceUnavailable,
    MissingExtra,
    NonFiniteOutput,
    OptionError,
    WeightsError,
    WouldShrink,
)
from infdit_cli.results import FailedPicture

_OF_ALL = (DeviceUnavailable, MissingExtra, OptionError, WeightsError)
_OF_ONE = (NonFiniteOutput, WouldShrink)  # although they are kinds of those


def failed(item: BatchItem, error: Exception) -> FailedPicture:
    """Return the outcome of a picture that an error ended."""
    return FailedPicture(source=item.source, destination=item.destination, error=error)


def concerns_all(error: Exception) -> bool:
    """Tell whether every other picture would fail with ``error`` as well, whatever it is like."""
    return isinstance(error, _OF_ALL) and not isinstance(error, _OF_ONE)
