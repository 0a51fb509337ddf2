"""Tensors kept where they are computed with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic

import torch
from torch import Tensor

from infdit_cli.engine.stores.protocol import Key


class DeviceStore(Generic[Key]):
    """A ``TensorStore`` on the compute device."""

    def __init__(self) -> None:
        self._held: dict[Key, tuple[Tensor, ...]] = {}

    @property
    def nbytes(self) -> int:
        """Bytes held now."""
        return sum(tensor.nbytes for tensors in self._held.values() for tensor in tensors)

    @torch.inference_mode()
    def put(self, key: Key, tensors: tuple[Tensor, ...]) -> None:
        """Keep copies: a slice would keep the whole super-block's memory alive."""
        self._held[key] = tuple(each.clone(memory_format=torch.contiguous_format) for each in tensors)

    def prefetch(self, keys: Iterable[Key]) -> None:
        """Do nothing: everything is there."""

    def get(self, key: Key) -> tuple[Tensor, ...]:
        """Return what is held."""
        return self._held[key]

    def drop(self, key: Key) -> None:
        """Forget a key."""
        del self._held[key]

    def close(self) -> None:
        """Forget everything."""
        self._held.clear()
