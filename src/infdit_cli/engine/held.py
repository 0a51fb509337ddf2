"""What a run remembers between two legs, one piece at a time, in memory or as a stream of bytes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Literal, NamedTuple, Protocol

import torch
from torch import Tensor


class Held(NamedTuple):
    """Something that later visits read.

    Args:
        kind: ``kv`` for keys and values, ``canvas`` for a noisy signal and its sampler state.
        key: ``kv``: evaluation, row, col, layer, and how many blocks will still read it. ``canvas``: the
            super-block as top, left, bottom, right.
        tensors: Whatever the kind consists of.
    """

    kind: Literal["kv", "canvas"]
    key: tuple[int, ...]
    tensors: tuple[Tensor, ...]


class LegDone(NamedTuple):
    """A leg of the visits is complete, and everything it has finished is with the sink.

    Args:
        num_done: Legs done so far.
        num_legs: Legs of the whole picture.
        held: All that the legs to come need; to be read before the next visit, once.
    """

    num_done: int
    num_legs: int
    held: Iterable[Held]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume:
    """Where to go on.

    Args:
        num_done: Legs done by an earlier run with the same order and super-blocks.
        held: What that run held after the last of them.
    """

    num_done: int = 0
    held: Iterable[Held] = ()


OnLeg = Callable[[LegDone], None]
FROM_THE_START = Resume()


class _Writer(Protocol):
    def write(self, data: memoryview, /) -> object: ...


def write_held(file: _Writer, held: Iterable[Held]) -> None:
    """Write pieces one after the other: a line of JSON that describes one, then the bytes of its tensors."""
    for each in held:
        tensors = [tensor.contiguous().cpu() for tensor in each.tensors]
        shapes = [(_name(tensor.dtype), *tensor.shape) for tensor in tensors]
        line = json.dumps({"kind": each.kind, "key": each.key, "tensors": shapes})
        file.write(memoryview(f"{line}\n".encode("ascii")))
        for tensor in tensors:
            file.write(_bytes(tensor))


def read_held(file: IO[bytes], device: torch.device) -> Iterator[Held]:
    """Yield what ``write_held`` wrote, on ``device``; the file is known to be undamaged."""
    while line := file.readline():
        told = json.loads(line)
        tensors = tuple(
            _read(file, getattr(torch, name), shape).to(device) for name, *shape in told["tensors"]
        )
        yield Held(told["kind"], tuple(told["key"]), tensors)


def _read(file: IO[bytes], dtype: torch.dtype, shape: list[int]) -> Tensor:
    tensor = torch.empty(shape, dtype=dtype)
    into = _bytes(tensor)
    if file.readinto(into) != len(into):  # type: ignore[attr-defined]
        raise EOFError("a snapshot is shorter than it says")
    return tensor


def _bytes(tensor: Tensor) -> memoryview:
    return tensor.view(-1).view(torch.uint8).numpy().data


def _name(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")
