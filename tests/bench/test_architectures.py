"""The comparison of architectures is one of equal cost and equal beginnings."""

from dataclasses import replace

import pytest
import torch

import architectures
from architectures import FIRST, VARIANTS, megapixel_flops, seconds_side_by_side, setup_of, trained_scores
from infdit_cli.model import Network
from infdit_cli.training import load_origin
from infdit_cli.weights import open_weights
from support.feature_networks import install_feature_networks
from support.photos import make_folder

TINY = replace(FIRST, num_layers=1, hidden_size=24, num_heads=2, block_px=32)


@pytest.mark.parametrize("name", VARIANTS)
def test_an_evaluation_takes_as_many_operations(name):
    assert megapixel_flops(VARIANTS[name]) == pytest.approx(megapixel_flops(FIRST), rel=0.05)


def test_one_is_trained_on_the_packaged_base_and_goes_on_where_it_stopped(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(install_feature_networks(tmp_path / "packages"))
    monkeypatch.setattr(architectures, "CROP_PX", 64)
    data = make_folder(tmp_path / "data")
    setups = [setup_of(TINY, data=data, run=tmp_path / "run", steps=steps) for steps in (1, 2, 2)]
    first, second, again = (trained_scores(setup) for setup in setups)
    assert second == again != first
    base = Network.from_tensors(TINY, load_origin(tmp_path / "run").tensors).base.state_dict()
    packaged = open_weights("compact")
    for name, tensor in Network.from_tensors(packaged.config, packaged.tensors).base.state_dict().items():
        assert torch.equal(base[name], tensor.float())


def test_seconds_are_taken_of_each(monkeypatch):
    monkeypatch.setattr(architectures, "MEASURED_PX", 64)
    seconds = seconds_side_by_side({"one": TINY, "other": replace(TINY, num_layers=2)})
    assert seconds.keys() == {"one", "other"}
    assert min(seconds.values()) > 0
