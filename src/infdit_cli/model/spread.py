"""What the LR picture holds beyond smooth colour, and how far from the base the truth may lie there."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from infdit_cli.config import BaseConfig

# Half a grey level on [-1, 1]: what rounding a picture to 8 bits leaves on a perfect gradient.
SMOOTH_DETAIL = 0.004


def local_detail(lr: Tensor) -> Tensor:
    """Return how much an LR picture ``[B, 3, h, w]`` differs from a local plane, ``[B, 1, h, w]``.

    The root mean square, over 3x3 pixels, of each pixel's distance from the mean of its own 3x3 pixels; zero
    on flat colours and smooth gradients. A value depends on pixels at most 2 away.
    """
    framed = F.pad(lr, (2, 2, 2, 2), mode="replicate")
    beyond_plane = framed[:, :, 1:-1, 1:-1] - F.avg_pool2d(framed, 3, stride=1)
    return F.avg_pool2d(beyond_plane.square(), 3, stride=1).mean(dim=1, keepdim=True).sqrt()


def smoothness_gate(detail: Tensor) -> Tensor:
    """Return the share of its learned detail that the base may add, 0 to 1, for any shape.

    Bicubic is exact on a plane. What the convolutions add there, a sixth of a step at each LR pixel's
    border, is seen as a pattern on smooth gradients and as nothing elsewhere.
    """
    return 1 - torch.exp(-(detail / SMOOTH_DETAIL).square())


def residual_spread(detail: Tensor, config: BaseConfig, scale: int) -> Tensor:
    """Return the expected standard deviation of truth minus base, ``[B, 1, s*h, s*w]``, for [-1, 1].

    A fixed function of local detail: on smooth colour the transformer cannot add noise or show the borders
    of its patches; elsewhere the signal it models has about the same size everywhere. Measured on the
    training pictures: docs/training-log.md.

    Args:
        detail: Of the LR picture, ``[B, 1, h, w]``.
        config: ``spread_floor``, ``spread_slope``, ``spread_knee``.
        scale: HR side over LR side.
    """
    spread = config.spread_floor + config.spread_slope * detail / (1 + detail / config.spread_knee)
    return F.interpolate(spread, scale_factor=scale, mode="bilinear", align_corners=False)
