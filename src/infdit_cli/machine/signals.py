"""What must not be broken off in the middle: signals wait until it is done."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_STOPPING = ("SIGINT", "SIGTERM", "SIGHUP")  # Windows has no SIGHUP


@contextmanager
def signals_held() -> Iterator[None]:
    """Have a request to stop that comes during the block handled at its end; blocks may lie in each other.

    A second one is handled at once: the block may wait for something that never comes.

    A mask would not do: whichever thread the system chooses, Python runs handlers in the main one. In another
    thread there is therefore nothing to hold.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []

    def hold(number: int, _frame: FrameType | None) -> None:
        came.append(number)
        if len(came) > 1:
            handle()

    def handle() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)
        if came:
            signal.raise_signal(came.pop())

    before = {number: signal.signal(number, hold) for number in _numbers()}
    try:
        yield
    finally:
        handle()


def _numbers() -> list[int]:
    """Return what asks a program to stop and is not ignored."""
    known = [getattr(signal, name) for name in _STOPPING if hasattr(signal, name)]
    return [number for number in known if signal.getsignal(number) is not signal.SIG_IGN]
