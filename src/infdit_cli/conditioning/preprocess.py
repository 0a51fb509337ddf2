"""From the LR picture to what CLIP's image tower was trained on."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

# Of CLIP's training pictures on [0, 1], red, green, blue.
MEAN = (0.48145466, 0.4578275, 0.40821073)
STD = (0.26862954, 0.26130258, 0.27577711)
_LONGEST = 16  # longer side over shorter; the tower sees only the square in the middle


def tower_input(lr: Tensor, side: int) -> Tensor:
    """Return the tower's input ``[1, 3, side, side]``: the picture's centre, normalised.

    Args:
        lr: ``[1, 3, h, w]`` on about [-1, 1].
        side: Pixels a side that the tower takes.

    Parity: the shorter side becomes ``side`` and the longer one is truncated to whole pixels; the crop's
    offset is half the difference, rounded half to even; nothing is clipped.
    """
    # Resized before the change of range, which commutes with it: a large picture is never copied whole.
    lr = _without_far_ends(lr)
    small = F.interpolate(lr, size=_covering(lr, side), mode="bicubic", antialias=True, align_corners=False)
    unit = (_centre(small, side) + 1) / 2
    return (unit - _per_channel(MEAN)) / _per_channel(STD)


def _without_far_ends(lr: Tensor) -> Tensor:
    """Return the centre of a very long picture: enlarged whole, one of 1x1000 pixels would take 582 MiB."""
    height, width = lr.shape[2:]
    longest = _LONGEST * min(height, width)
    top, left = (round(max(0, length - longest) / 2) for length in (height, width))
    return lr[:, :, top : top + longest, left : left + longest]


def _covering(lr: Tensor, side: int) -> tuple[int, int]:
    height, width = lr.shape[2:]
    shorter = min(height, width)
    return side * height // shorter, side * width // shorter


def _centre(image: Tensor, side: int) -> Tensor:
    top, left = (round((length - side) / 2) for length in image.shape[2:])
    return image[:, :, top : top + side, left : left + side]


def _per_channel(values: tuple[float, ...]) -> Tensor:
    return torch.tensor(values)[:, None, None]
