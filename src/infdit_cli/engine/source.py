"""Where pixels to be upscaled come from: the engine asks for windows and never for a file."""

from __future__ import annotations

from typing import Protocol

from torch import Tensor

from infdit_cli.geometry import Rect, Size


class PixelSource(Protocol):
    """A picture that can be read in part; it may be far larger than memory."""

    @property
    def size(self) -> Size:
        """Height and width in pixels."""

    def read(self, rect: Rect) -> Tensor:
        """Return a part of the picture, ``[1, 3, h, w]`` float32 on [-1, 1]."""


class TensorSource:
    """A picture that is in memory already.

    Args:
        pixels: ``[1, 3, h, w]`` on [-1, 1].
    """

    def __init__(self, pixels: Tensor) -> None:
        self._pixels = pixels

    @property
    def size(self) -> Size:
        """Height and width in pixels."""
        return Size(*self._pixels.shape[2:])

    def read(self, rect: Rect) -> Tensor:
        """Return a part of the picture."""
        return self._pixels[:, :, rect.rows, rect.cols]


def as_source(pixels: PixelSource | Tensor) -> PixelSource:
    """Return ``pixels`` if it is a source, or the source that a tensor is."""
    return TensorSource(pixels) if isinstance(pixels, Tensor) else pixels


def whole(source: PixelSource) -> Tensor:
    """Read everything at once, ``[1, 3, h, w]``: for small pictures, or where nothing less will do."""
    return source.read(Rect(0, 0, *source.size))
