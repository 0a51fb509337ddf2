"""The picture that is upscaled, read window by window: it may be larger than memory."""

from __future__ import annotations

import torch
from torch import Tensor

from infdit_cli.geometry import Rect, Size

CPU = torch.device("cpu")


class PaddedPicture:
    """A picture extended at right and bottom to whole blocks.

    It is mirrored as far as it reaches and its last pixel repeated beyond, so that any size from 1x1
    works and no edge appears where the picture ends.

    Args:
        pixels: ``[1, 3, h, w]`` on [-1, 1], any size. Never copied whole, so a file may be behind it.
        block_px: Side of a block in this picture.
        device: Where windows go.
    """

    def __init__(self, pixels: Tensor, block_px: int, device: torch.device = CPU) -> None:
        self.block_px = block_px
        self.grid = Size(*pixels.shape[2:]).ceil_div(block_px)
        self.size = self.grid.scaled(block_px)
        self._pixels = pixels
        self.device = device
        self._rows = _mirror_indices(pixels.shape[2], self.size.height)
        self._cols = _mirror_indices(pixels.shape[3], self.size.width)

    def read(self, rect: Rect) -> Tensor:
        """Return a window, ``[1, 3, h, w]``; beyond whole blocks the outermost pixels are repeated."""
        rows = self._rows[torch.arange(rect.top, rect.bottom).clamp(0, self.size.height - 1)]
        cols = self._cols[torch.arange(rect.left, rect.right).clamp(0, self.size.width - 1)]
        return self._pixels[:, :, rows[:, None], cols].to(self.device)


def _mirror_indices(length: int, padded: int) -> Tensor:
    """Return which of ``length`` pixels stands at each of ``padded`` places."""
    indices = torch.arange(padded)
    beyond = (indices - (length - 1)).clamp_min(0)
    return torch.where(beyond <= length - 1, length - 1 - (length - 1 - indices).abs(), 0).clamp(
        0, length - 1
    )
