"""LPIPS, version 0.1 (Zhang et al. 2018, arXiv 1801.03924), of AlexNet, as a metric and as a loss."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from infdit_cli.perception.backbones import Backbone, alexnet_features, normalised
from infdit_cli.perception.distance import FeatureDistance

# ImageNet's, on [-1, 1], as the authors' code has them.
_MEAN = (-0.030, -0.088, -0.188)
_DEVIATION = (0.458, 0.448, 0.450)
_EPSILON = 1e-10


class Lpips(FeatureDistance):
    """Weighted distance of normalised features; 0 for equal pictures.

    Args:
        alexnet: The network.
        heads: Weight of every channel of each of its five features, ``[1, channels, 1, 1]``.
    """

    def __init__(self, alexnet: Backbone, heads: Sequence[Tensor]) -> None:
        super().__init__()
        self._net = alexnet
        self._heads = tuple(head.to(alexnet.device) for head in heads)

    def _between(self, predicted: list[Tensor], truth: list[Tensor]) -> Tensor:
        pairs = zip(predicted, truth, self._heads, strict=True)
        each = [(((one - other) ** 2) * head).sum(1).mean((1, 2)) for one, other, head in pairs]
        return torch.stack(each).sum(0)

    def _features(self, picture: Tensor) -> list[Tensor]:
        features = alexnet_features(self._net, normalised(2 * picture - 1, _MEAN, _DEVIATION))
        return [each / (each.square().sum(1, keepdim=True).add(_EPSILON**2).sqrt()) for each in features]
