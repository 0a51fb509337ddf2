"""Import what brings torch without the garbage collector looking through it again and again."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """Import modules inside; what they make is never looked through again, not even at exit.

    Torch alone makes 250,000 objects, nearly all of which stay until the end: searching them for garbage
    while they are made, and once more when the process ends, is .7 of its 2.8 s (docs/performance.md).
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_on:
            gc.enable()
