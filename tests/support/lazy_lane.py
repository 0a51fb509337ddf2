"""A lane on the CPU that copies as late as a stream of a GPU might."""

from __future__ import annotations

import threading
from collections import deque

import torch


class LateCopy:
    """A copy that is made when somebody waits for it."""

    def __init__(self, lane, source, target):
        self.lane, self.source, self.target = lane, source, target
        self.copied = self.arrived = False

    def done(self):
        return self.arrived

    def result(self):
        self.lane.run_until(self)
        self.lane.check_sources()
        self.arrived = True


class LazyLane:
    """Copies in the order they were asked for, each only when it, or a later one, is waited for.

    Until then its target holds rubbish, so that whoever does not wait is found out, and so is who writes
    over a source before a later copy or the CPU's own waiting says that it is read.
    """

    def __init__(self):
        self.waiting = deque()
        self.sources = []
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

    def check_sources(self):
        assert all(torch.equal(source, as_copied) for source, as_copied in self.sources), "written too early"
        self.sources.clear()

    def _begin(self, source, target):
        with self.lock:
            self.waiting.append(LateCopy(self, source, target))
            return self.waiting[-1]

    @torch.inference_mode()
    def _next(self):
        self.check_sources()
        copy = self.waiting.popleft()
        self.sources.append((copy.source, copy.source.clone()))
        copy.target.copy_(copy.source)
        copy.copied = True
