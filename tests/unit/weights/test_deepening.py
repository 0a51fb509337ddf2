"""A network made deeper computes what it did."""

from dataclasses import replace

import pytest
import torch
from torch import Tensor

from infdit_cli.model import LRWindow, Network
from infdit_cli.weights import deepened
from support.pipelines import RESIDUAL, random_lr, random_network


def network(num_layers=3):
    config = replace(RESIDUAL, num_layers=num_layers)
    return config, random_network(config).state_dict()


def result(network: Network) -> Tensor:
    base = network.base(random_lr(16, 16))
    noise = torch.randn(base.image.shape, generator=torch.Generator().manual_seed(1))
    inputs = torch.cat([noise, base.image], 1)
    return network.transformer(inputs, torch.full((1,), 0.3), lr=LRWindow(base.features))


@pytest.mark.parametrize("num_layers", [3, 4, 5, 8])
def test_what_is_computed_stays_to_the_bit(num_layers):
    config, tensors = network()
    grown_config, grown = deepened(config, tensors, num_layers)
    assert grown_config == replace(config, num_layers=num_layers)
    assert torch.equal(
        result(Network.from_tensors(grown_config, grown)), result(Network.from_tensors(config, tensors))
    )


def test_new_layers_follow_those_they_copy_and_the_first_stays_alone():
    config, tensors = network()
    _, grown = deepened(config, tensors, 6)
    name = "transformer.layers.{}.mlp.up.weight"
    sources = [
        next(old for old in range(3) if torch.equal(tensors[name.format(old)], grown[name.format(new)]))
        for new in range(6)
    ]
    assert sources == [0, 1, 1, 1, 2, 2]


def test_a_new_layer_can_learn_at_once():
    config, tensors = network()
    grown = Network.from_tensors(*deepened(config, tensors, 4)).requires_grad_()
    result(grown).square().mean().backward()
    new = grown.transformer.layers[2]
    assert new.attention.out.weight.grad.abs().amax() > 0
    assert new.mlp.down.weight.grad.abs().amax() > 0


@pytest.mark.parametrize(("num_old", "num_new"), [(3, 2), (1, 2)])
def test_fewer_layers_and_copies_of_the_first_are_refused(num_old, num_new):
    with pytest.raises(ValueError, match="layer"):
        deepened(*network(num_old), num_new)
