"""A request to stop comes again where Python drops it: in a ``__del__`` or a weak reference's callback."""

from __future__ import annotations

import _thread
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Timer

from infdit_cli.machine.signals import STOPPING

DELAY_S = 0.05  # by then the callback is over


@contextmanager
def dropped_requests_return(number_of: Callable[[BaseException | None], int | None]) -> Iterator[None]:
    """Have a request to stop handled once more during the block when the exception it became was dropped.

    Every import of a module ends with such a callback.

    Args:
        number_of: Returns the signal that an exception stands for, and ``None`` for any other exception.
    """
    handlers = {number: signal.getsignal(number) for number in STOPPING}
    timers: list[Timer] = []

    def hook(dropped: sys.UnraisableHookArgs) -> None:
        number = number_of(dropped.exc_value)
        if number is None:
            before(dropped)
            return
        signal.signal(number, handlers[signal.Signals(number)])  # it may have been for one time only
        timers.append(Timer(DELAY_S, _thread.interrupt_main, [number]))
        timers[-1].start()

    before, sys.unraisablehook = sys.unraisablehook, hook
    try:
        yield
    finally:
        sys.unraisablehook = before
        for timer in timers:
            timer.cancel()
