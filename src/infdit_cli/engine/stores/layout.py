"""Several tensors as one run of bytes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple, Self

import torch
from torch import Tensor

# A tensor's bytes must start at a multiple of its number's size; the largest, complex128, has 16.
ALIGNMENT_BYTES = 16


class TensorLayout(NamedTuple):
    """Where each of several tensors lies in a run of bytes.

    Args:
        shapes: Of each tensor.
        dtypes: Of each tensor.
    """

    shapes: tuple[torch.Size, ...]
    dtypes: tuple[torch.dtype, ...]

    @classmethod
    def of(cls, tensors: Sequence[Tensor]) -> Self:
        """Return the layout that holds ``tensors``."""
        return cls(tuple(each.shape for each in tensors), tuple(each.dtype for each in tensors))

    @property
    def nbytes(self) -> int:
        """Bytes of the tensors."""
        return sum(self._lengths)

    @property
    def span_bytes(self) -> int:
        """Bytes of the run: the tensors and the gaps that align them."""
        return sum(_aligned(length) for length in self._lengths)

    def views(self, run: Tensor) -> tuple[Tensor, ...]:
        """Return the tensors that lie in ``run``, bytes ``[span_bytes]`` or more."""
        starts = accumulate((_aligned(length) for length in self._lengths), initial=0)
        parts = zip(starts, self._lengths, self.dtypes, self.shapes, strict=False)
        return tuple(
            run[start : start + length].view(dtype).view(shape) for start, length, dtype, shape in parts
        )

    def packed(self, tensors: Sequence[Tensor], device: torch.device) -> Tensor:
        """Return copies of ``tensors`` as one run of bytes, ``[span_bytes]``."""
        run = torch.empty(self.span_bytes, dtype=torch.uint8, device=device)
        self.fill(run, tensors)
        return run

    def fill(self, run: Tensor, tensors: Sequence[Tensor]) -> None:
        """Copy ``tensors`` to their places in ``run``."""
        for view, tensor in zip(self.views(run), tensors, strict=True):
            view.copy_(tensor)

    @property
    def _lengths(self) -> list[int]:
        pairs = zip(self.shapes, self.dtypes, strict=True)
        return [math.prod(shape) * dtype.itemsize for shape, dtype in pairs]


def _aligned(num_bytes: int) -> int:
    return -(-num_bytes // ALIGNMENT_BYTES) * ALIGNMENT_BYTES
