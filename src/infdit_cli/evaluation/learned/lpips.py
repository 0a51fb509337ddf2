"""LPIPS, version 0.1 on AlexNet (Zhang et al. 2018, arXiv 1801.03924)."""

from __future__ import annotations

import torch
from torch import Tensor

from infdit_cli.evaluation.learned.backbones import Backbone, alexnet_features, normalised
from infdit_cli.evaluation.learned.truth import OfTheTruth

# ImageNet's, on [-1, 1], as the authors' code has them.
_MEAN = (-0.030, -0.088, -0.188)
_DEVIATION = (0.458, 0.448, 0.450)
_EPSILON = 1e-10


class Lpips:
    """Weighted distance of normalised features; 0 for equal pictures.

    Args:
        alexnet: The network and its heads.
    """

    def __init__(self, alexnet: Backbone) -> None:
        self._net = alexnet
        self._truth = OfTheTruth(self._features)

    @torch.inference_mode()
    def __call__(self, predicted: Tensor, truth: Tensor) -> float:
        """Compare ``[1, 3, H, W]`` on [0, 1]; the truth's features are kept for the next comparison."""
        pairs = zip(self._features(predicted), self._truth.features(truth), self._net.heads, strict=True)
        return float(sum((((one - other) ** 2) * head).sum(1).mean() for one, other, head in pairs))

    def _features(self, picture: Tensor) -> list[Tensor]:
        features = alexnet_features(self._net, normalised(2 * picture - 1, _MEAN, _DEVIATION))
        return [each / (each.square().sum(1, keepdim=True).sqrt() + _EPSILON) for each in features]
