"""Work through a super-block a few rows of blocks at a time, so that what is made on the way stays small."""

from collections.abc import Callable

import torch
from torch import Tensor

# Tokens at once. A forward pass of the compact model over 9,216 tokens takes 1.2 s in chunks of 1,024 and
# 1.5 to 1.8 s in one; over 4,096 tokens 0.50 and 0.57 s; below it makes no difference (one thread on an
# AVX2 core, CPU seconds, best of 7, 2026-11-21). A GPU needs more to be busy; not measured.
CPU_CHUNK_TOKENS = 1024
GPU_CHUNK_TOKENS = 8192


def by_rows(compute: Callable[[slice], Tensor], x: Tensor) -> Tensor:
    """Return what ``compute`` gives for every row of blocks, in the shape of ``x``.

    Args:
        compute: From rows of ``x`` to as many rows of the result.
        x: Tokens, ``[B, n, m, T, d]``.
    """
    num_rows = x.shape[1]
    chunk_tokens = CPU_CHUNK_TOKENS if x.device.type == "cpu" else GPU_CHUNK_TOKENS
    step = max(1, chunk_tokens * num_rows // x[..., 0].numel())
    # Gradients need what is made on the way, all of it.
    if step >= num_rows or torch.is_grad_enabled():
        return compute(slice(0, num_rows))
    out = torch.empty_like(x)
    for top in range(0, num_rows, step):
        rows = slice(top, min(top + step, num_rows))
        out[:, rows] = compute(rows)
    return out
