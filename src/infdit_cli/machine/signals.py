"""What must not be broken off in the middle: signals wait until it is done."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

# Ctrl-C, another program, and a terminal that closes, of which Windows tells nothing, ask a program to stop.
HANGUP = tuple(each for each in signal.Signals if each.name == "SIGHUP")
STOPPING = (signal.SIGINT, signal.SIGTERM, *HANGUP)


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

    before = {number: signal.signal(number, hold) for number in STOPPING if not is_ignored(number)}
    try:
        yield
    finally:
        handle()


def is_ignored(number: signal.Signals) -> bool:
    """Whether this process ignores a signal, as nohup has it do with SIGHUP."""
    return signal.getsignal(number) is signal.SIG_IGN
