"""What a run remembers between two legs, one piece at a time, in memory or as a stream of bytes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any, NamedTuple, Protocol

import torch
from torch import Tensor

from infdit_cli.geometry import BlockIndex, Rect
from infdit_cli.model import KV


class HeldKV(NamedTuple):
    """One block's keys and values of one layer.

    Args:
        evaluation, block, layer: Where these keys and values belong.
        num_readers: How many blocks will still read them.
        kv: As they were kept.
    """

    evaluation: int
    block: BlockIndex
    layer: int
    num_readers: int
    kv: KV


class HeldCanvas(NamedTuple):
    """What a super-block carries from one evaluation to the next.

    Args:
        blocks: The super-block.
        tensors: Its noisy signal and sampler state.
    """

    blocks: Rect
    tensors: tuple[Tensor, ...]


# Something that later visits read.
Held = HeldKV | HeldCanvas


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
        told, parts = _taken_apart(each)
        tensors = [tensor.contiguous().cpu() for tensor in parts]
        shapes = [(_name(tensor.dtype), *tensor.shape) for tensor in tensors]
        line = json.dumps(told | {"tensors": shapes})
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
        yield _put_together(told, tensors)


def _taken_apart(held: Held) -> tuple[dict[str, Any], tuple[Tensor, ...]]:
    match held:
        case HeldKV(evaluation, block, layer, num_readers, kv):
            return {"kind": "kv", "key": (evaluation, *block, layer, num_readers)}, kv
        case HeldCanvas(blocks, tensors):
            return {"kind": "canvas", "key": blocks}, tensors


def _put_together(told: Mapping[str, Any], tensors: tuple[Tensor, ...]) -> Held:
    match told:
        case {"kind": "kv", "key": [evaluation, row, col, layer, num_readers]}:
            return HeldKV(evaluation, BlockIndex(row, col), layer, num_readers, KV(*tensors))
        case {"kind": "canvas", "key": [*sides]}:
            return HeldCanvas(Rect(*sides), tensors)
    raise ValueError(f"a snapshot tells of {told}")


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
