"""Probes of a machine that may be broken anywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from infdit_cli.errors import InfditError, first_line
from infdit_cli.results import FailedProbe

T = TypeVar("T")


class Prober:
    """Probe, and keep what could not be answered.

    Attributes:
        failed: The probes without an answer.
    """

    def __init__(self) -> None:
        self.failed: list[FailedProbe] = []

    def answer(self, name: str, probe: Callable[[], T]) -> T | None:
        """Return what ``probe`` returns, or ``None`` and keep a note of why not."""
        try:
            return probe()
        except Exception as err:  # noqa: BLE001 - a report with a hole in it is better than none
            self.failed.append(FailedProbe(name=name, message=_in_one_line(err)))
            return None


def _in_one_line(err: Exception) -> str:
    if isinstance(err, InfditError):
        return err.message
    kind, line = type(err).__name__, first_line(err, "")
    return f"{kind}: {line}" if line else kind
