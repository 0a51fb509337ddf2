"""How fast a device multiplies matrices at best: the yardstick for what a network makes of it."""

from __future__ import annotations

import torch

from infdit_cli.engine.timing import fastest_s

# Larger ones keep a device busier, until they take so long that even larger ones would gain nothing.
SIDES = (512, 1024, 2048, 4096, 8192)
LONG_ENOUGH_S = 0.1


def matrix_flops_per_s(device: torch.device, dtype: torch.dtype) -> float:
    """Return the most operations a second that a product of two square matrices was seen to reach.

    Args:
        device: Where to multiply.
        dtype: Number format of the matrices.
    """
    best = 0.0
    for side in SIDES:
        seconds = _product_s(side, device, dtype)
        best = max(best, 2 * side**3 / seconds)
        if seconds > LONG_ENOUGH_S:
            break
    return best


def _product_s(side: int, device: torch.device, dtype: torch.dtype) -> float:
    left, right = torch.rand(2, side, side, device=device).to(dtype)
    return fastest_s(lambda: left @ right, device)
