"""Work for processes of their own: they must find it by name."""

import os
import signal
import sys
import time

from infdit_cli.errors import DoesNotFit
from infdit_cli.events import Noted


def add_up(numbers, on_event):
    """Tell of each number, and return their sum and this process's id."""
    for number in numbers:
        on_event(Noted(str(number)))
    return sum(numbers), os.getpid()


def say_what_is_loaded(_, on_event):
    """Return the names of all modules."""
    return set(sys.modules)


def refuse(hint, on_event):
    """Fail as an upscale may."""
    raise DoesNotFit("too large", hint=hint)


def run_out_of_memory(_, on_event):
    """Fail as Python does."""
    raise MemoryError("cannot allocate")


def divide_by_zero(number, on_event):
    """Fail as only a bug does."""
    return number / 0


def be_killed(number, on_event):
    """End by a signal."""
    os.kill(os.getpid(), number)


def interrupt_oneself(_, on_event):
    """Return whether a SIGINT, as Ctrl-C sends it to a whole group, does nothing."""
    os.kill(os.getpid(), signal.SIGINT)
    return "still here"


def leave(code, on_event):
    """End without an answer."""
    os._exit(code)


def never_end(_, on_event):
    """Tell the process's id, then wait."""
    on_event(Noted(str(os.getpid())))
    time.sleep(3600)
