"""The sampler's temperature scales the noise that sampling starts from, and nothing else."""

from dataclasses import replace

import pytest
import torch

from infdit_cli.config import SamplerConfig
from infdit_cli.diffusion import canvas_noise
from infdit_cli.errors import OptionError
from support.pipelines import RESIDUAL, random_lr, random_network, run_upscaler, sampler_config

SAMPLER = sampler_config(RESIDUAL, 1)
LR = random_lr(8, 8)


def _picture(temperature: float) -> torch.Tensor:
    return run_upscaler(random_network(RESIDUAL), replace(SAMPLER, temperature=temperature), LR)


def test_it_scales_the_noise(monkeypatch):
    colder = _picture(0.5)
    monkeypatch.setattr(
        "infdit_cli.engine.upscaler.canvas_noise", lambda *args, **options: canvas_noise(*args, **options) / 2
    )
    assert torch.equal(_picture(1.0), colder)
    assert not torch.equal(_picture(0.5), colder)


def test_without_noise_the_seed_decides_nothing():
    cold = replace(SAMPLER, temperature=0.0)
    one, other = (run_upscaler(random_network(RESIDUAL), cold, LR, seed=seed) for seed in (1, 2))
    assert torch.equal(one, other)


@pytest.mark.parametrize("temperature", [-0.1, 1.1, float("nan")])
def test_it_goes_from_nothing_to_what_was_learned(temperature):
    with pytest.raises(OptionError, match="temperature"):
        SamplerConfig(temperature=temperature)
