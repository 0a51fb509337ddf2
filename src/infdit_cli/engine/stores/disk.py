"""Tensors kept in a file, written behind the computing and read ahead of it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Generic, NamedTuple

import torch
from torch import Tensor

from infdit_cli.engine.stores.buffers import Buffer, BufferPool
from infdit_cli.engine.stores.lanes import Copied, make_lane
from infdit_cli.engine.stores.layout import TensorLayout
from infdit_cli.engine.stores.protocol import Key
from infdit_cli.engine.stores.slot_file import Slot, SlotFile
from infdit_cli.files import output_errors
from infdit_cli.plan import DISK_QUEUE_BYTES


class _Held(NamedTuple):
    layout: TensorLayout
    slot: Slot


class _Reading(NamedTuple):
    job: Future[None]
    buffer: Buffer


class DiskStore(Generic[Key]):
    """A ``TensorStore`` in a hidden file, which is gone when the store is closed.

    One thread reads and writes in the order it was asked to, so a slot may be used again at once.

    Args:
        folder: Where the file is created.
        device: The compute device.
        reserve_bytes: Room to claim at once.

    Raises:
        OutputError: If the folder cannot be written to, or the disk has not that much room.
    """

    def __init__(self, folder: Path, device: torch.device, *, reserve_bytes: int = 0) -> None:
        self._folder = folder
        self._device = device
        self._file = SlotFile(folder, reserve_bytes)
        self._lane = make_lane(device)
        self._pool = BufferPool(self._lane.allocate)
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="infdit-store")
        self._held: dict[Key, _Held] = {}
        self._reading: dict[Key, _Reading] = {}
        # Buffers that go back to the pool when their job is done.
        self._busy: deque[tuple[Copied, Buffer]] = deque()

    @property
    def nbytes(self) -> int:
        """Bytes held now."""
        return sum(held.layout.nbytes for held in self._held.values())

    @torch.inference_mode()
    def put(self, key: Key, tensors: tuple[Tensor, ...]) -> None:
        """Begin to write ``tensors``; wait if too much is being written already."""
        if key in self._held:
            self.drop(key)
        layout = TensorLayout.of(tensors)
        buffer = self._buffer(layout.span_bytes)
        slot = self._file.take(layout.span_bytes)
        run = buffer.where[: layout.span_bytes]
        copied = self._lane.to_host(layout.packed(tensors, self._device), run)
        job = self._worker.submit(self._file.write, slot, _bytes(run), copied.result)
        self._busy.append((job, buffer))
        self._held[key] = _Held(layout, slot)

    def prefetch(self, keys: Iterable[Key]) -> None:
        """Begin to read, as far as there is room."""
        for key in keys:
            if key in self._held and key not in self._reading:
                held = self._held[key]
                ahead = sum(each.buffer.num_bytes for each in self._reading.values())
                if ahead and ahead + held.layout.span_bytes > DISK_QUEUE_BYTES:
                    return
                self._reading[key] = self._read(held)

    @torch.inference_mode()
    def get(self, key: Key) -> tuple[Tensor, ...]:
        """Return what is held; wait until it is read."""
        layout = self._held[key].layout
        job, buffer = self._reading.pop(key) if key in self._reading else self._read(self._held[key])
        with output_errors(self._folder):
            job.result()
        run = torch.empty(layout.span_bytes, dtype=torch.uint8, device=self._device)
        copied = self._lane.to_device(buffer.where[: len(run)], run)
        self._lane.join(copied)
        self._busy.append((copied, buffer))
        return layout.views(run)

    def drop(self, key: Key) -> None:
        """Forget a key."""
        self._file.give(self._held.pop(key).slot)
        reading = self._reading.pop(key, None)
        if reading:
            self._busy.append(reading)

    def close(self) -> None:
        """Stop reading and writing, and remove the file."""
        self._worker.shutdown(cancel_futures=True)
        try:
            self._lane.close()
        finally:
            self._file.close()
        self._held.clear()
        self._reading.clear()
        self._busy.clear()
        self._pool = BufferPool(self._lane.allocate)

    def _buffer(self, num_bytes: int) -> Buffer:
        """Return a free buffer, waiting for others if too many are busy."""
        busy_bytes = sum(buffer.num_bytes for _, buffer in self._busy)
        while self._busy and (self._busy[0][0].done() or busy_bytes + num_bytes > DISK_QUEUE_BYTES):
            job, buffer = self._busy.popleft()
            busy_bytes -= buffer.num_bytes
            with output_errors(self._folder):
                job.result()
            self._pool.give(buffer)
        return self._pool.take(num_bytes)

    def _read(self, held: _Held) -> _Reading:
        buffer = self._buffer(held.layout.span_bytes)
        into = _bytes(buffer.where[: held.layout.span_bytes])
        return _Reading(self._worker.submit(self._file.read, held.slot, into), buffer)


def _bytes(run: Tensor) -> memoryview:
    return run.numpy().data
