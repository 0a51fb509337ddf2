"""Processes that this one starts and waits for: how Ctrl-C passes them by, and what their end means."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from infdit_cli.errors import InfditError, OutOfMemory


@contextmanager
def ignoring_interrupts() -> Iterator[None]:
    """Let new processes inherit that Ctrl-C is none of their business: this one will end them.

    Signals are a matter of the main thread; a process that another one starts handles it by itself.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def ended_silently(what: str, code: int | None) -> InfditError:
    """Return what to tell of a process that ended without a word.

    Args:
        what: The process, as in "the measuring process".
        code: Its exit code; negative for the signal that ended it.
    """
    if code is None or code >= 0:
        return InfditError(f"{what} ended with code {code} and said nothing")
    name = signal.Signals(-code).name
    if name == "SIGKILL":
        return OutOfMemory(
            f"{what} was killed (SIGKILL), as the system does when memory runs out",
            hint="--memory sets a limit below what it took",
        )
    return InfditError(f"{what} was ended by {name}")
