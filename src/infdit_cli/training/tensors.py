"""Between pixels of files and the network's tensors; reduction that lets gradients through."""

from __future__ import annotations

from typing import NamedTuple

import torch.nn.functional as F
from torch import Tensor


class TensorBatch(NamedTuple):
    """What a step trains on, float32 on [-1, 1].

    Attributes:
        hr: ``[B, 3, H, W]``.
        lr: ``[B, 3, H // scale, W // scale]``.
    """

    hr: Tensor
    lr: Tensor


def to_model(pixels: Tensor) -> Tensor:
    """Convert ``[B, H, W, 3]`` uint8 to ``[B, 3, H, W]`` float32 on [-1, 1]."""
    return pixels.permute(0, 3, 1, 2).float().div_(127.5).sub_(1.0)


def reduce(hr: Tensor, scale: int) -> Tensor:
    """Reduce ``[B, 3, H, W]`` by antialiased bicubic, with gradients and unrounded."""
    return F.interpolate(hr, scale_factor=1 / scale, mode="bicubic", antialias=True, align_corners=False)
