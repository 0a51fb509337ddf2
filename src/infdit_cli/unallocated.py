"""Modules whose tensors have names and shapes, and no memory until weights take their place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor
from torch.nn import init
from torch.overrides import TorchFunctionMode

_FILLS = frozenset(
    {Tensor.normal_, init.normal_, init.kaiming_normal_, init.xavier_normal_, init.trunc_normal_}
)


@contextmanager
def unallocated() -> Iterator[None]:
    """Have modules that are built meanwhile on torch's meta device, where tensors take no memory.

    No normally distributed numbers are drawn for them: torch would do so in vain, and import its compiler for
    it (150 MiB, 1.6 s).
    """
    with torch.device("meta"), _Undrawn():
        yield


class _Undrawn(TorchFunctionMode):
    """Torch without normally distributed numbers."""

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Sequence[type],
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        named = kwargs or {}
        if func in _FILLS:
            return args[0] if args else named["tensor"]
        return (torch.empty if func is torch.randn else func)(*args, **named)
