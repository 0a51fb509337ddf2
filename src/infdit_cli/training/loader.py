"""Prepare the next batches in background threads while the network trains on this one."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Batch = TypeVar("Batch")


def prefetch(
    make: Callable[[int], Batch], *, start: int, num_workers: int = 2, depth: int = 4
) -> Iterator[Batch]:
    """Yield ``make(start)``, ``make(start + 1)``, … for ever, in order, made ahead of time.

    Args:
        make: Builds batch ``index``; called from several threads.
        start: First index.
        num_workers: Threads. Picture decoders release the interpreter lock, so threads suffice.
        depth: Most batches held ready.
    """
    with ThreadPoolExecutor(num_workers, thread_name_prefix="crops") as pool:
        ready: deque[Future[Batch]] = deque()
        index = start
        try:
            while True:
                while len(ready) < depth:
                    ready.append(pool.submit(make, index))
                    index += 1
                yield ready.popleft().result()
        finally:
            for future in ready:
                future.cancel()
