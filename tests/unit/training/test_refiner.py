"""What the transformer is trained to denoise."""

import torch

from infdit_cli.model import BaseOutput
from infdit_cli.training.refiner import Refiner
from support.pipelines import RESIDUAL, sampler_config

REFINER = Refiner(model=RESIDUAL, sampler=sampler_config(RESIDUAL, 1), seed=3)


def test_a_noised_residual_is_the_truth_less_the_base_in_units_and_noise_on_it():
    hr, image = torch.rand(2, 4, 3, 16, 16)
    spread = torch.rand(4, 1, 16, 16) + 0.5
    base = BaseOutput(image.requires_grad_(), torch.zeros(4, 1, 4, 4), spread.requires_grad_())
    unit, signal, sigma, noisy = REFINER.noised(base, hr, 5, top_share=0.3)
    torch.testing.assert_close(image + signal * unit, hr)
    drawn, noise = REFINER.draw(signal, 5, top_share=0.3)
    assert torch.equal(drawn, sigma)
    torch.testing.assert_close(noisy, signal + noise * sigma.view(-1, 1, 1, 1))
    noisy.sum().backward()
    assert image.grad is None, "the base is not trained to please the transformer"
    assert spread.grad is not None
