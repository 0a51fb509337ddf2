"""The sampler's temperature at its ends; what it does between is held against the whole picture elsewhere."""

from dataclasses import replace

import pytest
import torch

from infdit_cli.config import SamplerConfig
from support.pipelines import RESIDUAL, random_lr, random_network, run_upscaler, sampler_config

SAMPLER = sampler_config(RESIDUAL, 1)
LR = random_lr(8, 8)


def test_without_noise_the_seed_decides_nothing():
    cold = replace(SAMPLER, temperature=0.0)
    one, other = (run_upscaler(random_network(RESIDUAL), cold, LR, seed=seed) for seed in (1, 2))
    assert torch.equal(one, other)


@pytest.mark.parametrize("temperature", [-0.1, 1.1, float("nan")])
def test_it_goes_from_nothing_to_what_was_learned(temperature):
    with pytest.raises(ValueError, match="temperature"):
        SamplerConfig(temperature=temperature)
