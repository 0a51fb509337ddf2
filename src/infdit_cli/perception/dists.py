"""DISTS (Ding et al. 2020, arXiv 2004.07728), at the picture's own size, as a metric and as a loss."""

from __future__ import annotations

from collections.abc import Mapping

import torch
import torch.nn.functional as F
from torch import Tensor

from infdit_cli.perception.backbones import Backbone, normalised, vgg16_features
from infdit_cli.perception.distance import FeatureDistance
from infdit_cli.perception.weight_files import packaged_file, read_tensors

# ImageNet's, on [0, 1].
_MEAN = (0.485, 0.456, 0.406)
_DEVIATION = (0.229, 0.224, 0.225)
_STABILISER = 1e-6
_HANNING = (0.25, 0.5, 0.25)  # of three, with a sum of one


class Dists(FeatureDistance):
    """One minus the weighted similarity of features' means and structure; 0 for equal pictures.

    Args:
        vgg16: The network.
        weights: ``alpha`` and ``beta``, ``[1, channels, 1, 1]``: one for each channel of the picture and of
            all features.
    """

    def __init__(self, vgg16: Backbone, weights: Mapping[str, Tensor]) -> None:
        super().__init__()
        self._net = vgg16
        alpha, beta = (weights[name].flatten().to(vgg16.device) for name in ("alpha", "beta"))
        total = alpha.sum() + beta.sum()
        self._alpha, self._beta = alpha / total, beta / total

    def _between(self, predicted: list[Tensor], truth: list[Tensor]) -> Tensor:
        pairs = zip(predicted, truth, strict=True)
        means, structures = zip(*(_similarities(one, other) for one, other in pairs), strict=True)
        return 1 - torch.cat(means, 1) @ self._alpha - torch.cat(structures, 1) @ self._beta

    def _features(self, picture: Tensor) -> list[Tensor]:
        return [picture, *vgg16_features(self._net, normalised(picture, _MEAN, _DEVIATION), _l2_pool)]


def packaged_weights() -> Mapping[str, Tensor]:
    """Read alpha and beta from the package ``dists-pytorch``.

    Raises:
        PackageAbsent: If it is not installed.
    """
    return read_tensors(packaged_file("DISTS_pytorch", "weights.pt", package="dists-pytorch"))


def _similarities(one: Tensor, other: Tensor) -> tuple[Tensor, Tensor]:
    """Return for every channel the similarity of the means, and of the structure, each ``[B, channels]``."""
    mean, other_mean = one.mean((2, 3)), other.mean((2, 3))
    variance, other_variance = (each.var((2, 3), correction=0) for each in (one, other))
    covariance = (one * other).mean((2, 3)) - mean * other_mean
    means = (2 * mean * other_mean + _STABILISER) / (mean**2 + other_mean**2 + _STABILISER)
    structures = (2 * covariance + _STABILISER) / (variance + other_variance + _STABILISER)
    return means, structures


def _l2_pool(x: Tensor) -> Tensor:
    """Halve a feature without aliasing: the root of its blurred square (Hanning window of 3)."""
    line = x.new_tensor(_HANNING)
    window = torch.outer(line, line)
    channels = x.shape[1]
    blurred = F.conv2d(x.square(), window.expand(channels, 1, 3, 3), stride=2, padding=1, groups=channels)
    return (blurred + 1e-12).sqrt()
