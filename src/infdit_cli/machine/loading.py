"""Import what brings torch without the garbage collector looking through it again and again."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from infdit_cli.machine.start import ensure_room_to_start


@contextmanager
def loading_torch() -> Iterator[None]:
    """Import what brings torch inside, in a process that has not checked yet whether there is room for it.

    Raises:
        OutOfMemory: If a limit on memory leaves torch no room; nothing is imported then.
    """
    ensure_room_to_start()
    with loading():
        yield


@contextmanager
def loading() -> Iterator[None]:
    """Import modules inside; what they make is never looked through again, not even at exit.

    Torch alone makes 250,000 objects, nearly all of which stay until the end: searching them for garbage
    while they are made, and once more when the process ends, takes 0.7 s of 2.8 s (docs/performance.md).
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_on:
            gc.enable()
