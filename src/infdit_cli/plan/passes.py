"""From the wanted scale to runs of the model, one after the other."""

from __future__ import annotations

from typing import NamedTuple

from infdit_cli.errors import OptionError


class Pass(NamedTuple):
    """One run of the model over a whole picture.

    Args:
        scale: Output side over input side of the model's run.
        reduce: How many times its result is shrunk afterwards.
    """

    scale: int
    reduce: int = 1

    @property
    def gain(self) -> int:
        """Output side over input side of the pass."""
        return self.scale // self.reduce


def make_passes(scale: int, *, native: int, native_only: bool) -> tuple[Pass, ...]:
    """Return the passes to ``scale``: the model's own scale as often as it goes, then the rest.

    Args:
        scale: Output side over input side.
        native: The model's own scale.
        native_only: Whether the model knows no smaller scale, so that its result is shrunk to it.

    Raises:
        OptionError: If ``scale`` cannot be reached.
    """
    whole, rest = [], scale
    while rest > native and rest % native == 0:
        whole.append(Pass(native))
        rest //= native
    if rest < 2 or native % rest:
        raise OptionError(f"--scale is {scale}; the model's own scale is {native}, which does not lead there")
    last = Pass(native, native // rest) if native_only else Pass(rest)
    return (*whole, last)
