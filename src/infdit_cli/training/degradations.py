"""From a crop of a picture to what a low-resolution camera file would hold of it."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor


def to_model(pixels: Tensor) -> Tensor:
    """Convert ``[B, H, W, 3]`` uint8 to ``[B, 3, H, W]`` float32 on [-1, 1]."""
    return pixels.permute(0, 3, 1, 2).float().div_(127.5).sub_(1.0)


def downscale(hr: Tensor, scale: int) -> Tensor:
    """Reduce ``[B, 3, H, W]`` on [-1, 1] by antialiased bicubic, rounded to 8 bits as a file would be."""
    return torch.round((reduce(hr, scale).clamp(-1, 1) + 1) * 127.5).div_(127.5).sub_(1.0)


def reduce(hr: Tensor, scale: int) -> Tensor:
    """Reduce ``[B, 3, H, W]`` by antialiased bicubic, with gradients and unrounded."""
    return F.interpolate(hr, scale_factor=1 / scale, mode="bicubic", antialias=True, align_corners=False)
