"""How far the truth is expected to lie from the base, place by place."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor

from infdit_cli.config import BaseConfig


def residual_spread(lr: Tensor, config: BaseConfig, scale: int) -> Tensor:
    """Return the expected standard deviation of truth minus base, ``[B, 1, s*h, s*w]``, for [-1, 1].

    A fixed function of what the LR picture holds beyond a local plane: the root mean square, over 3x3
    pixels, of each pixel's distance from the mean of its own 3x3 pixels. Zero on flat colours and smooth
    gradients, so that there the transformer cannot add noise or show the borders of its patches;
    elsewhere the signal it models has about the same size everywhere. Measured on the training
    pictures: docs/architecture.md.

    Args:
        lr: LR picture, ``[B, 3, h, w]`` in [-1, 1]. A value depends on pixels at most 3 away.
        config: ``spread_floor``, ``spread_slope``, ``spread_knee``.
        scale: HR side over LR side.
    """
    framed = F.pad(lr, (2, 2, 2, 2), mode="replicate")
    beyond_plane = framed[:, :, 1:-1, 1:-1] - F.avg_pool2d(framed, 3, stride=1)
    energy = F.avg_pool2d(beyond_plane.square(), 3, stride=1).mean(dim=1, keepdim=True)
    detail = energy.sqrt()
    spread = config.spread_floor + config.spread_slope * detail / (1 + detail / config.spread_knee)
    return F.interpolate(spread, scale_factor=scale, mode="bilinear", align_corners=False)
