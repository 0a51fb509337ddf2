"""Files that are written when the figures are there: a full disk must not lose what took hours."""

from __future__ import annotations

from collections.abc import Callable

from infdit_cli.errors import OutputError


def why_unwritten(write: Callable[[], None]) -> OutputError | None:
    """Write, and return why that failed, if it did."""
    try:
        write()
    except OutputError as err:
        return err
    return None
