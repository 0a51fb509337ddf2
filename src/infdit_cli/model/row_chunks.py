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
    num_rows = x.shape[1]
    step = max(1, chunk_tokens(x.device) * num_rows // x[..., 0].numel())
    # Gradients need what is made on the way, all of it.
    if step >= num_rows or torch.is_grad_enabled():
        return compute(slice(0, num_rows))
    first = compute(slice(0, step))
    out = first.new_empty((first.shape[0], num_rows, *first.shape[2:]))
    out[:, :step] = first
    del first
    for top in range(step, num_rows, step):
        rows = slice(top, min(top + step, num_rows))
        out[:, rows] = compute(rows)
    return out
