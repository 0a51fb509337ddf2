"""One queue of copies between host memory and the compute device, beside the computing."""

from __future__ import annotations

from collections import deque
from typing import Protocol

import torch
from torch import Tensor

from infdit_cli import amounts
from infdit_cli.machine.exhaustion import is_a_gpus
from infdit_cli.plan import LEAVING_BYTES


class Copied(Protocol):
    """A copy on its way."""

    def done(self) -> bool:
        """Return whether it has arrived."""
        ...

    def result(self) -> object:
        """Wait until it has arrived."""
        ...


class Lane(Protocol):
    """Copies one after the other, in the order they were asked for.

    A copy starts when everything is done that was to be computed before it was asked for: its source is
    written then, and its target's memory is free.
    """

    def allocate(self, num_bytes: int) -> Tensor:
        """Return host memory that can be copied from and to, ``[num_bytes]`` uint8."""
        ...

    def to_host(self, source: Tensor, target: Tensor) -> Copied:
        """Begin to copy ``source`` from the device; its memory is kept until that is done."""
        ...

    def to_device(self, source: Tensor, target: Tensor) -> Copied:
        """Begin to copy ``source`` to the device; the caller keeps ``target`` and waits for it."""
        ...

    def join(self, copied: Copied) -> None:
        """Let what is computed from now on wait for a copy."""
        ...

    def close(self) -> None:
        """Wait for every copy."""
        ...


def make_lane(device: torch.device) -> Lane:
    """Return the lane to ``device``."""
    return CudaLane(device) if device.type == "cuda" else PlainLane()


class Arrived:
    """A copy that is done when it is asked for."""

    def done(self) -> bool:
        """Return that it is."""
        return True

    def result(self) -> None:
        """Return at once."""


class PlainLane:
    """Copies that are done at once: to the CPU, and to devices without streams of our own."""

    def allocate(self, num_bytes: int) -> Tensor:
        """Return plain memory."""
        return torch.empty(num_bytes, dtype=torch.uint8)

    def to_host(self, source: Tensor, target: Tensor) -> Copied:
        """Copy."""
        target.copy_(source)
        return Arrived()

    def to_device(self, source: Tensor, target: Tensor) -> Copied:
        """Copy."""
        target.copy_(source)
        return Arrived()

    def join(self, copied: Copied) -> None:
        """Do nothing: the copy is there."""

    def close(self) -> None:
        """Do nothing: no copy is under way."""


class CudaCopied:
    """A copy on a stream."""

    def __init__(self, event: torch.cuda.Event) -> None:
        self.event = event

    def done(self) -> bool:
        """Return whether the stream has come past it."""
        return bool(self.event.query())  # type: ignore[no-untyped-call]

    def result(self) -> None:
        """Wait until the stream has come past it."""
        self.event.synchronize()


class CudaLane:
    """Copies from and to pinned memory on a stream of their own.

    Device memory is always allocated for, and given back to, the stream that computes, and events order
    the two streams. ``record_stream`` would do so, too, but gives memory back only when the GPU has caught up
    with the CPU, which may be a whole super-block ahead.
    """

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self._stream = torch.cuda.Stream(device)  # type: ignore[no-untyped-call]
        self._leaving: deque[tuple[CudaCopied, Tensor]] = deque()

    def allocate(self, num_bytes: int) -> Tensor:
        """Return pinned memory.

        Raises:
            MemoryError: If the host has no room for it, of which CUDA speaks as of a GPU's.
        """
        try:
            return torch.empty(num_bytes, dtype=torch.uint8, pin_memory=True)
        except RuntimeError as err:
            if not is_a_gpus(err):
                raise
            raise MemoryError(f"{amounts.memory(num_bytes)} of host memory cannot be pinned") from err

    def to_host(self, source: Tensor, target: Tensor) -> Copied:
        """Begin to copy from the device."""
        self._let_go()
        copied = self._copy(source, target)
        self._leaving.append((copied, source))
        return copied

    def to_device(self, source: Tensor, target: Tensor) -> Copied:
        """Begin to copy to the device."""
        return self._copy(source, target)

    def join(self, copied: Copied) -> None:
        """Let the computing stream wait, not the CPU."""
        if not isinstance(copied, CudaCopied):
            raise TypeError("a copy of another lane")
        torch.cuda.current_stream(self._device).wait_event(copied.event)

    def close(self) -> None:
        """Wait for every copy."""
        self._stream.synchronize()
        self._leaving.clear()

    def _copy(self, source: Tensor, target: Tensor) -> CudaCopied:
        self._stream.wait_stream(torch.cuda.current_stream(self._device))
        with torch.cuda.stream(self._stream):
            target.copy_(source, non_blocking=True)
            return CudaCopied(self._stream.record_event())

    def _let_go(self) -> None:
        """Give back the memory of what has left; make room by waiting if too much is still leaving."""
        leaving_bytes = sum(source.nbytes for _, source in self._leaving)
        while self._leaving and (self._leaving[0][0].done() or leaving_bytes > LEAVING_BYTES):
            copied, source = self._leaving.popleft()
            self.join(copied)
            leaving_bytes -= source.nbytes
