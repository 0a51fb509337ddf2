"""A picture enlarged by the base alone."""

from __future__ import annotations

import torch
from torch import Tensor

from infdit_cli.engine.base_window import base_window
from infdit_cli.engine.picture import ExtendedPicture
from infdit_cli.engine.source import PixelSource
from infdit_cli.geometry import Rect
from infdit_cli.model import Base


class Enlarged:
    """A picture at the base's scale; only what a window needs is read and computed, and nothing is kept.

    Args:
        source: The picture.
        base: The convolutional base, on ``device``.
        device: Where it computes.
    """

    def __init__(self, source: PixelSource, base: Base, device: torch.device) -> None:
        self.size = source.size.scaled(base.scale)
        self._picture = ExtendedPicture(source, source.size, device)
        self._base = base

    @torch.inference_mode()
    def read(self, rect: Rect) -> Tensor:
        """Return a part of the enlarged picture, ``[1, 3, h, w]``, not clipped."""
        scale = self._base.scale
        outer = base_window(rect.covering(scale), self._picture.size, self._base.config)
        image: Tensor = self._base(self._picture.read(outer)).image.cpu()
        inner = rect.relative_to(outer.scaled(scale))
        return image[:, :, inner.rows, inner.cols]
