"""A lane on the CPU that copies as late as a stream of a GPU might."""

from __future__ import annotations

import threading
from collections import deque

import torch


class LateCopy:
    """A copy that is made when somebody waits for it."""

    def __init__(self, lane, source, target):
        self.lane, self.source, self.target, self.copied = lane, source, target, False

    def done(self):
        return self.copied

    def result(self):
        self.lane.run_until(self)


class LazyLane:
    """Copies in the order they were asked for, each only when it, or a later one, is waited for.

    Until then its target holds rubbish, so that whoever does not wait, or writes over a source that is
    still to be read, is found out.
    """

    def __init__(self):
        self.waiting = deque()
        self.lock = threading.Lock()

    def allocate(self, num_bytes):
        return torch.full((num_bytes,), 77, dtype=torch.uint8)

    def to_host(self, source, target):
        return self._begin(source, target)

    def to_device(self, source, target):
        target.fill_(99)
        return self._begin(source, target)

    def join(self, copied):
        self.run_until(copied)

    def close(self):
        with self.lock:
            while self.waiting:
                self._next()

    def run_until(self, copied):
        with self.lock:
            while not copied.copied:
                self._next()

    def _begin(self, source, target):
        with self.lock:
            self.waiting.append(LateCopy(self, source, target))
            return self.waiting[-1]

    @torch.inference_mode()
    def _next(self):
        copy = self.waiting.popleft()
        copy.target.copy_(copy.source)
        copy.copied = True
