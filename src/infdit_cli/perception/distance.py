"""Distances between features of pictures, as a metric and as a loss."""

from __future__ import annotations

from abc import ABC, abstractmethod

import torch
from torch import Tensor


class FeatureDistance(ABC):
    """Compare the features that a network finds in two pictures; 0 for equal ones.

    Several results are compared with one truth, so the features of the last truth are kept.
    """

    def __init__(self) -> None:
        self._truth: Tensor | None = None
        self._expected: list[Tensor] = []

    @torch.inference_mode()
    def __call__(self, predicted: Tensor, truth: Tensor) -> float:
        """Compare ``[1, 3, H, W]`` on [0, 1]; the truth's features are kept for the next comparison."""
        if self._truth is None or not torch.equal(self._truth, truth):
            self._truth, self._expected = truth, self._features(truth)
        return float(self._between(self._features(predicted), self._expected))

    def distances(self, predicted: Tensor, truth: Tensor) -> Tensor:
        """Compare ``[B, 3, H, W]`` on [0, 1] in pairs; ``[B]``, with gradients for ``predicted`` alone.

        Under autocast the networks run in its number format, and the comparison in float32: differences of
        means and variances are lost in the 8 bits of bfloat16.
        """
        with torch.no_grad():
            expected = self._features(truth.detach())  # the picture can be a feature, too
        found = self._features(predicted)
        with torch.autocast(predicted.device.type, enabled=False):
            return self._between(_as_floats(found), _as_floats(expected))

    @abstractmethod
    def _features(self, picture: Tensor) -> list[Tensor]:
        """Return the features of ``[B, 3, H, W]``."""

    @abstractmethod
    def _between(self, predicted: list[Tensor], truth: list[Tensor]) -> Tensor:
        """Return the distance of each pair, ``[B]``."""


def _as_floats(features: list[Tensor]) -> list[Tensor]:
    return [feature.float() for feature in features]
