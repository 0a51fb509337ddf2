"""The picture that is upscaled, read window by window: it may be larger than memory."""

from __future__ import annotations

import torch
from torch import Tensor

from infdit_cli.engine.source import PixelSource, as_source
from infdit_cli.geometry import Rect, Size

CPU = torch.device("cpu")


class ExtendedPicture:
    """A picture extended at right and bottom.

    It is mirrored as far as it reaches and its last pixel repeated beyond, so that any size from 1x1
    works and no edge appears where the picture ends.

    Args:
        pixels: Where pixels come from, any size; or a picture ``[1, 3, h, w]`` on [-1, 1].
        size: What it is extended to; no side is shorter than the picture's.
        device: Where windows go.
    """

    def __init__(self, pixels: PixelSource | Tensor, size: Size, device: torch.device = CPU) -> None:
        self._source = as_source(pixels)
        self.size = size
        self.device = device
        self._rows = _mirror_indices(self._source.size.height, size.height)
        self._cols = _mirror_indices(self._source.size.width, size.width)

    def read(self, rect: Rect) -> Tensor:
        """Return a window, ``[1, 3, h, w]``; beyond ``size`` the outermost pixels are repeated."""
        rows = self._rows[torch.arange(rect.top, rect.bottom).clamp(0, self.size.height - 1)]
        cols = self._cols[torch.arange(rect.left, rect.right).clamp(0, self.size.width - 1)]
        # What is mirrored or repeated comes from inside the smallest rectangle that holds all of it.
        outer = Rect(int(rows.min()), int(cols.min()), int(rows.max()) + 1, int(cols.max()) + 1)
        window = self._source.read(outer)
        if outer != rect:
            window = window[:, :, (rows - outer.top)[:, None], cols - outer.left]
        return window.contiguous().to(self.device)


class PaddedPicture(ExtendedPicture):
    """A picture extended to whole blocks.

    Args:
        pixels, device: As for ``ExtendedPicture``.
        block_px: Side of a block in this picture.
    """

    def __init__(self, pixels: PixelSource | Tensor, block_px: int, device: torch.device = CPU) -> None:
        source = as_source(pixels)
        self.block_px = block_px
        self.grid = source.size.ceil_div(block_px)
        super().__init__(source, self.grid.scaled(block_px), device)


def _mirror_indices(length: int, padded: int) -> Tensor:
    """Return which of ``length`` pixels stands at each of ``padded`` places."""
    indices = torch.arange(padded)
    beyond = (indices - (length - 1)).clamp_min(0)
    return torch.where(beyond <= length - 1, length - 1 - (length - 1 - indices).abs(), 0).clamp(
        0, length - 1
    )
