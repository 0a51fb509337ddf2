"""How often progress is written down: as often as it costs next to nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

# Part of the time that writing progress down may take,
SHARE = 0.04
# and seconds that it may take on top: a small picture is written down at every leg.
FREE_S = 0.5


class JournalPace:
    """Keeps a recurring cost below ``FREE_S`` and ``SHARE`` of the time.

    Args:
        clock: Gives seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._started_s = clock()
        self._spent_s = 0.0
        self._last_s = 0.0

    @property
    def is_due(self) -> bool:
        """Whether another turn like the last one can be afforded; the first one always is."""
        return self._spent_s + self._last_s <= FREE_S + SHARE * (self._clock() - self._started_s)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Measure what the block costs."""
        started_s = self._clock()
        yield
        self._last_s = self._clock() - started_s
        self._spent_s += self._last_s
