"""Work through a super-block a few rows of blocks at a time, so that what is made on the way stays small."""

from collections.abc import Callable

import torch
from torch import Tensor

# Tokens at once. A forward pass of the compact model over 9,216 tokens takes 1.2 s in chunks of 1,024 and
# 1.5 to 1.8 s in one; over 4,096 tokens 0.50 and 0.57 s; below it makes no difference (one thread on an
# AVX2 core, CPU seconds, best of 7, 2026-11-21). A GPU needs more to be busy; not measured.
CPU_CHUNK_TOKENS = 1024
GPU_CHUNK_TOKENS = 8192


def chunk_tokens(device: torch.device) -> int:
    """Return how many tokens are worked on at once."""
    return CPU_CHUNK_TOKENS if device.type == "cpu" else GPU_CHUNK_TOKENS


def by_rows(compute: Callable[[slice], Tensor], x: Tensor) -> Tensor:
    """Return what ``compute`` gives for every row of blocks.

    Args:
        compute: From rows of ``x`` to as many rows of the result, on its second axis.
        x: Tokens, ``[B, n, m, T, d]``.
    """
    [out] = all_by_rows(lambda rows: (compute(rows),), x)
    return out


def all_by_rows(compute: Callable[[slice], tuple[Tensor, ...]], x: Tensor) -> tuple[Tensor, ...]:
    """Return all results of ``compute`` for every row of blocks; otherwise as ``by_rows``."""
    num_rows = x.shape[1]
    step = max(1, chunk_tokens(x.device) * num_rows // x[..., 0].numel())
    # Gradients need what is made on the way, all of it.
    if step >= num_rows or torch.is_grad_enabled():
        return compute(slice(0, num_rows))
    parts = compute(slice(0, step))
    outs = tuple(part.new_empty((part.shape[0], num_rows, *part.shape[2:])) for part in parts)
    _put(parts, outs, slice(0, step))
    del parts
    for top in range(step, num_rows, step):
        rows = slice(top, min(top + step, num_rows))
        _put(compute(rows), outs, rows)
    return outs


def _put(parts: tuple[Tensor, ...], outs: tuple[Tensor, ...], rows: slice) -> None:
    for part, out in zip(parts, outs, strict=True):
        out[:, rows] = part
