"""Stores that write down how much was in them."""

from __future__ import annotations

from infdit_cli.engine import upscaler


class RecordedStore:
    """A store, the most bytes it ever held, and what was left when it was closed."""

    def __init__(self, inner):
        self.inner, self.peak_bytes, self.left_bytes = inner, 0, None

    def put(self, key, tensors):
        self.inner.put(key, tensors)
        self.peak_bytes = max(self.peak_bytes, self.inner.nbytes)

    def close(self):
        if self.left_bytes is None:
            self.left_bytes = self.inner.nbytes
        self.inner.close()

    def __getattr__(self, name):
        return getattr(self.inner, name)


def recorded_stores(monkeypatch):
    """Return the list that will hold every store a run makes: that of the K/V, then the canvas."""
    made, make_store = [], upscaler.make_store

    def make(*args, **options):
        made.append(RecordedStore(make_store(*args, **options)))
        return made[-1]

    monkeypatch.setattr(upscaler, "make_store", make)
    return made
