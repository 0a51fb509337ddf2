"""From the wanted size to runs of the model, one after the other, and what is left to do after them."""

from __future__ import annotations

from dataclasses import dataclass

from infdit_cli.geometry import Size

# What is missing after a pass is enlarged plainly up to here, in quarters: a further pass would cost
# sixteen times as much and measured no better (docs/scales.md).
ENLARGED_QUARTERS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """How a picture comes to its size.

    Args:
        source: Pixels of the input.
        passes: Pixels after each run of the model.
        target: Pixels of the output; if the last pass makes others, its picture is resized.
        fidelity: How closely the output, shrunk again, is made to match the input (back-projection), 0 to 1.
    """

    source: Size
    passes: tuple[Size, ...]
    target: Size
    fidelity: float

    @property
    def finished_apart(self) -> bool:
        """Whether the last pass's picture is worked on once more, and is kept whole for that."""
        return self.passes[-1] != self.target or self.fidelity > 0

    @property
    def stages(self) -> tuple[Size, ...]:
        """Pixels that each pass makes, and the work on them afterwards where there is any."""
        return (*self.passes, self.target) if self.finished_apart else self.passes

    @property
    def kept(self) -> tuple[Size, ...]:
        """Pixels of the passes' pictures that are kept to be read again."""
        return self.passes if self.finished_apart else self.passes[:-1]

    @property
    def scratch(self) -> tuple[Size, ...]:
        """Pixels of all pictures that are kept on the way; the output is not one of them."""
        return (*self.kept, self.source) if self.fidelity else self.kept


def make_route(source: Size, target: Size, *, native: int, native_only: bool, fidelity: float) -> Route:
    """Return the way to ``target``: the model's own scale as often as it takes, then the rest.

    Args:
        source: Pixels of the input.
        target: Pixels of the output; no side is shorter than the input's.
        native: The model's own scale.
        native_only: Whether the model knows no smaller scale, so that its result is shrunk.
        fidelity: As for ``Route``.
    """
    passes, size = [], source
    while not _within_reach(target, size.scaled(native)):
        size = size.scaled(native)
        passes.append(size)
    largest = size.scaled(native)
    last = largest if native_only or target != target.clipped(largest) else target
    return Route(source=source, passes=(*passes, last), target=target, fidelity=fidelity)


def _within_reach(target: Size, size: Size) -> bool:
    return all(4 * wanted <= ENLARGED_QUARTERS * side for wanted, side in zip(target, size, strict=True))
