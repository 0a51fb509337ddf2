"""Tensors kept in host memory and copied to the compute device before they are needed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, NamedTuple

import torch
from torch import Tensor

from infdit_cli.engine.stores.buffers import Buffer, BufferPool
from infdit_cli.engine.stores.lanes import Copied, make_lane
from infdit_cli.engine.stores.layout import TensorLayout
from infdit_cli.engine.stores.protocol import Key


class _Held(NamedTuple):
    layout: TensorLayout
    buffer: Buffer


class _Arriving(NamedTuple):
    run: Tensor
    copied: Copied


class HostStore(Generic[Key]):
    """A ``TensorStore`` in host memory, pinned for a CUDA device.

    All copies go through one lane in order, so a buffer may be used again at once: the copy into it
    starts after the last one out of it.

    Args:
        device: The compute device.
    """

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self._lane = make_lane(device)
        self._pool = BufferPool(self._lane.allocate)
        self._held: dict[Key, _Held] = {}
        self._arriving: dict[Key, _Arriving] = {}

    @property
    def nbytes(self) -> int:
        """Bytes held now."""
        return sum(held.layout.nbytes for held in self._held.values())

    @torch.inference_mode()
    def put(self, key: Key, tensors: tuple[Tensor, ...]) -> None:
        """Begin to copy ``tensors`` to the host."""
        if key in self._held:
            self.drop(key)
        layout = TensorLayout.of(tensors)
        buffer = self._pool.take(layout.span_bytes)
        self._lane.to_host(layout.packed(tensors, self._device), buffer.where[: layout.span_bytes])
        self._held[key] = _Held(layout, buffer)

    @torch.inference_mode()
    def prefetch(self, keys: Iterable[Key]) -> None:
        """Begin to copy to the device."""
        for key in keys:
            if key in self._held and key not in self._arriving:
                self._arriving[key] = self._fetch(self._held[key])

    @torch.inference_mode()
    def get(self, key: Key) -> tuple[Tensor, ...]:
        """Return what is held; only what is computed from now on waits for its copy."""
        held = self._held[key]
        arriving = self._arriving.pop(key, None) or self._fetch(held)
        self._lane.join(arriving.copied)
        return held.layout.views(arriving.run)

    def drop(self, key: Key) -> None:
        """Forget a key."""
        self._pool.give(self._held.pop(key).buffer)
        arriving = self._arriving.pop(key, None)
        if arriving:
            # Its device memory goes back to the computing stream, which must not write there before the copy.
            self._lane.join(arriving.copied)

    def close(self) -> None:
        """Wait for the copies and give the memory back."""
        self._lane.close()
        self._held.clear()
        self._arriving.clear()
        self._pool = BufferPool(self._lane.allocate)

    def _fetch(self, held: _Held) -> _Arriving:
        run = torch.empty(held.layout.span_bytes, dtype=torch.uint8, device=self._device)
        return _Arriving(run, self._lane.to_device(held.buffer.where[: len(run)], run))
