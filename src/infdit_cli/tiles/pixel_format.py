"""What one pixel is made of."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from infdit_cli.geometry import Size


class PixelFormat(NamedTuple):
    """Interleaved channels of a picture: grey, grey and alpha, RGB, or RGB and alpha.

    Attributes:
        channels: 1 to 4.
        dtype: ``uint8`` or ``uint16``; ``float32`` for pictures between passes.
    """

    channels: int
    dtype: np.dtype[Any]

    @property
    def grey(self) -> bool:
        """Whether there is one colour channel."""
        return self.channels <= 2

    @property
    def alpha(self) -> bool:
        """Whether the last channel is opacity."""
        return self.channels % 2 == 0

    @property
    def bits(self) -> int:
        """Bits of one channel."""
        return 8 * self.dtype.itemsize

    def nbytes(self, size: Size) -> int:
        """Return the bytes of a raw picture of ``size`` pixels."""
        return size.area * self.channels * self.dtype.itemsize
