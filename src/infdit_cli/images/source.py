"""A picture as it was read, with everything of the file that the output should keep."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from infdit_cli.geometry import Size
from infdit_cli.metadata import Metadata

Pixels: TypeAlias = NDArray[np.uint8 | np.uint16]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceImage:
    """One picture, upright and in RGB.

    Args:
        rgb: ``[H, W, 3]``, orientation applied, not premultiplied; a grey picture has equal channels. Often a
            view: only the channels of the file are in memory.
        alpha: Opacity ``[H, W]`` of the same dtype, or ``None``; often a view, too.
        grey: Whether the file was greyscale, so that the output should be too.
        metadata: What the file says about the picture; its colour profile fits the pixels.
        jpeg_quality: How it was compressed, 1 to 100, if it is a JPEG.
        notes: What the user should know about the reading, one line each.
    """

    rgb: Pixels
    alpha: Pixels | None
    grey: bool
    metadata: Metadata
    jpeg_quality: int | None = None
    notes: tuple[str, ...] = ()

    @property
    def size(self) -> Size:
        """Height and width in pixels."""
        return Size(*self.rgb.shape[:2])
