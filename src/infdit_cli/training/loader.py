"""Prepare the next batches in background threads while the network trains on this one."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

NUM_THREADS = 2  # picture decoders release the interpreter lock, so threads suffice
MOST_READY = 4  # batches

Batch = TypeVar("Batch")


def prefetch(make: Callable[[int], Batch], *, start: int) -> Iterator[Batch]:
    """Yield ``make(start)``, ``make(start + 1)``, … for ever, in order, made ahead of time.

    Args:
        make: Builds batch ``index``; called from several threads.
        start: First index.
    """
    with ThreadPoolExecutor(NUM_THREADS, thread_name_prefix="crops") as pool:
        ready: deque[Future[Batch]] = deque()
        index = start
        try:
            while True:
                while len(ready) < MOST_READY:
                    ready.append(pool.submit(make, index))
                    index += 1
                yield ready.popleft().result()
        finally:
            for future in ready:
                future.cancel()
