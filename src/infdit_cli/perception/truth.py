"""Features of a truth that several results are compared with, computed once."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor


class OfTheTruth:
    """Remembers the features of the last truth.

    Args:
        make: Computes them.
    """

    def __init__(self, make: Callable[[Tensor], list[Tensor]]) -> None:
        self._make = make
        self._picture: Tensor | None = None
        self._features: list[Tensor] = []

    def features(self, picture: Tensor) -> list[Tensor]:
        """Return the features of a picture."""
        if self._picture is None or not torch.equal(self._picture, picture):
            self._picture, self._features = picture, self._make(picture)
        return self._features
