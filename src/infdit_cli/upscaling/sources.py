"""Pictures as the engine reads them: only the window being looked at is ever converted to floats."""

from __future__ import annotations

import torch
from torch import Tensor

from infdit_cli.geometry import Rect, Size
from infdit_cli.images import Pixels, to_model
from infdit_cli.tiles import Spool


class ArraySource:
    """The integers of a file.

    Args:
        rgb: ``[H, W, 3]``, or fewer channels; may be a view.
    """

    def __init__(self, rgb: Pixels) -> None:
        self._rgb = rgb

    @property
    def size(self) -> Size:
        """Height and width in pixels."""
        return Size(*self._rgb.shape[:2])

    def read(self, rect: Rect) -> Tensor:
        """Return a part of the picture, ``[1, 3, h, w]`` on [-1, 1]."""
        return torch.from_numpy(to_model(self._rgb[rect.rows, rect.cols]))[None]


class SpoolSource:
    """A float picture on disk; plain reads, since pages of a memory map count as the process's memory.

    Args:
        spool: Open, of three float32 channels on [-1, 1].
    """

    def __init__(self, spool: Spool) -> None:
        self._spool = spool

    @property
    def size(self) -> Size:
        """Height and width in pixels."""
        return self._spool.size

    def read(self, rect: Rect) -> Tensor:
        """Return a part of the picture, ``[1, 3, h, w]`` on [-1, 1]."""
        return torch.from_numpy(self._spool.read(rect)).permute(2, 0, 1)[None]
