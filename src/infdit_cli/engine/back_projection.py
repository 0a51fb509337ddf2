"""Back-projection: the output is corrected so that, shrunk again, it comes closer to the input.

Irani and Peleg 1991, "Improving resolution by image registration": iterated back-projection, here with
antialiased bicubic both ways and one iteration; a second gained less than 0.01 dB from x2 on.
"""

from __future__ import annotations

from torch import Tensor

from infdit_cli.engine.resize import Resized
from infdit_cli.engine.source import PixelSource
from infdit_cli.geometry import Rect
from infdit_cli.resampling import BICUBIC


class Missing:
    """What a picture, shrunk to the size of the input, lacks of it.

    Args:
        source: The input.
        made: What was made of it.
    """

    def __init__(self, source: PixelSource, made: PixelSource) -> None:
        self.size = source.size
        self._source = source
        self._shrunk = Resized(made, source.size, BICUBIC)

    def read(self, rect: Rect) -> Tensor:
        """Return a part of the difference, ``[1, 3, h, w]`` on [-2, 2]."""
        return self._source.read(rect) - self._shrunk.read(rect)


class Corrected:
    """A picture with what it lacks put back.

    Args:
        made: The picture.
        missing: What it lacks, at the size of the input.
        fidelity: How much of that is put back, 0 to 1.
    """

    def __init__(self, made: PixelSource, missing: PixelSource, fidelity: float) -> None:
        self.size = made.size
        self._made = made
        self._enlarged = Resized(missing, made.size, BICUBIC)
        self._fidelity = fidelity

    def read(self, rect: Rect) -> Tensor:
        """Return a part of the picture, ``[1, 3, h, w]``, not clipped."""
        return self._made.read(rect) + self._enlarged.read(rect).mul_(self._fidelity)
