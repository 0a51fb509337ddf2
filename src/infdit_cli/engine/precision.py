"""Computing in float32 with a network that is kept in fewer bits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import nn

from infdit_cli.model import KV, BlockMemory, Halo, InfDiT


@contextmanager
def computing_in_float32(transformer: InfDiT) -> Iterator[None]:
    """Widen each part of the network to float32 while it computes, and narrow it again.

    One layer at a time is wide, so this needs the room of one more layer. Every bfloat16 and
    float16 number is a float32 number: the weights come back bit by bit.
    """
    dtype = next(transformer.parameters()).dtype
    parts = (transformer.embed, transformer.condition, *transformer.layers, transformer.final)
    hooks = [part.register_forward_pre_hook(lambda part, _: _cast(part, torch.float32)) for part in parts]
    hooks += [part.register_forward_hook(lambda part, *_: _cast(part, dtype)) for part in parts]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()
        # A part that raised is still wide.
        _cast(transformer, dtype)


# Weights that are made in inference mode could never be trained again.
@torch.inference_mode(mode=False)
def _cast(module: nn.Module, dtype: torch.dtype) -> None:
    module.to(dtype)


class Float32Memory:
    """A ``BlockMemory`` for float32 in front of one that holds ``dtype``.

    Args:
        memory: What holds the K/V.
        dtype: Of what it holds.
    """

    def __init__(self, memory: BlockMemory, dtype: torch.dtype) -> None:
        self._memory = memory
        self._dtype = dtype

    def halo(self, layer: int) -> Halo:
        """Return what lies outside the super-block, in float32."""
        above, left, corner = (kv and _cast_kv(kv, torch.float32) for kv in self._memory.halo(layer))
        return Halo(above, left, corner)

    def keep(self, layer: int, kv: KV) -> None:
        """Leave the super-block's K/V; what is too large for the dtype becomes its largest number."""
        most = torch.finfo(self._dtype).max
        self._memory.keep(layer, _cast_kv(KV(kv.k.clamp(-most, most), kv.v.clamp(-most, most)), self._dtype))


def _cast_kv(kv: KV, dtype: torch.dtype) -> KV:
    return KV(kv.k.to(dtype), kv.v.to(dtype))
