"""How large the output is to be, in any of the ways that people say it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from infdit_cli.errors import OptionError, WouldShrink
from infdit_cli.geometry import Size
from infdit_cli.plain_numbers import make_plain

# Far beyond every container, and small enough to compute with.
MAX_SCALE = 1_000_000
MAX_MEGAPIXELS = 1_000_000_000
WAYS = "--scale, --width, --height, --long-side and --megapixels"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The size asked for, said in exactly one way; ``width`` and ``height`` together are one, too.

    Args:
        scale: Output side over input side, at least 1; taken as the decimal number that it prints as.
        width, height: Sides in pixels. One alone keeps the aspect, both are taken exactly.
        long_side: The longer side in pixels; the aspect is kept.
        megapixels: Width times height in millions, as near as the aspect allows.
    """

    scale: float | None = None
    width: int | None = None
    height: int | None = None
    long_side: int | None = None
    megapixels: float | None = None

    def __post_init__(self) -> None:
        make_plain(self, "scale", "width", "height", "long_side", "megapixels")
        sides = self.width is not None or self.height is not None
        ways = (self.scale is not None, sides, self.long_side is not None, self.megapixels is not None)
        if sum(ways) != 1:
            raise OptionError(
                "the output's size is given more than once" if any(ways) else "no output size is given",
                hint=f"of {WAYS} give one; --width and --height go together",
            )
        if self.scale is not None and not 1 <= self.scale <= MAX_SCALE:
            raise OptionError(
                f"--scale is {self.scale:g}; it goes from 1 to {MAX_SCALE:,}, infdit only enlarges"
            )
        if self.megapixels is not None and not 0 < self.megapixels <= MAX_MEGAPIXELS:
            raise OptionError(
                f"--megapixels is {self.megapixels:g}; it must be more than 0 and at most {MAX_MEGAPIXELS:,}"
            )
        for name, side in (("width", self.width), ("height", self.height), ("long-side", self.long_side)):
            if side is not None and side < 1:
                raise OptionError(f"--{name} is {side}; it must be at least 1 pixel")

    @property
    def label(self) -> str:
        """What the default name of an output says: ``x1.5``, ``2048x1365``, ``w2048``, ``24mp``."""
        if self.scale is not None:
            return f"x{self.scale:g}"
        if self.width is not None and self.height is not None:
            return f"{self.width}x{self.height}"
        if self.width is not None:
            return f"w{self.width}"
        if self.height is not None:
            return f"h{self.height}"
        return f"{self.megapixels:g}mp" if self.long_side is None else f"long{self.long_side}"

    def size(self, source: Size) -> Size:
        """Return the output's pixels for a picture of ``source``: each side rounded half up.

        Raises:
            WouldShrink: If a side would be shorter than the picture's.
        """
        size = self._size(source)
        if size.grown_to(source) != size:
            raise WouldShrink(
                f"the picture has {source.width}×{source.height} px and would get "
                f"{size.width}×{size.height}; infdit only enlarges",
                hint="ask for more, or shrink it with another program",
            )
        return size

    def distorts(self, source: Size) -> bool:
        """Return whether the size asked for has another aspect than ``source``, beyond rounding."""
        if self.width is None or self.height is None:
            return False
        by_width, by_height = (
            _scaled(source, Fraction(self.width, source.width)),
            _scaled(source, Fraction(self.height, source.height)),
        )
        return Size(self.height, self.width) not in {by_width, by_height}

    def _size(self, source: Size) -> Size:
        if self.width is not None and self.height is not None:
            return Size(self.height, self.width)
        return _scaled(source, self._factor(source))

    def _factor(self, source: Size) -> Fraction:
        if self.width is not None:
            return Fraction(self.width, source.width)
        if self.height is not None:
            return Fraction(self.height, source.height)
        if self.long_side is not None:
            return Fraction(self.long_side, max(source))
        if self.megapixels is not None:
            return Fraction(math.sqrt(self.megapixels * 1e6 / source.area))
        # Of the decimal, not of the nearest binary number: 2.675 times 100 is 267.5, hence 268.
        return Fraction(repr(self.scale))


def _scaled(size: Size, factor: Fraction) -> Size:
    return Size(*(max(math.floor(side * factor + Fraction(1, 2)), 1) for side in size))
