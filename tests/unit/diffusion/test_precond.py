"""Preconditioning: EDM's table, and plain x0 prediction."""

import pytest
import torch

from infdit_cli.diffusion import Preconditioning, denoise

SIGMA = torch.tensor([40.0, 1.0, 0.02])
X = torch.randn(3, 3, 4, 4, generator=torch.Generator().manual_seed(0))
CONCAT = torch.randn(3, 3, 4, 4, generator=torch.Generator().manual_seed(1))


def test_edm_coefficients_are_those_of_table_one():
    c = Preconditioning(0.5, "edm").coefficients(SIGMA)
    torch.testing.assert_close(c.c_skip, 0.25 / (SIGMA**2 + 0.25))
    torch.testing.assert_close(c.c_out, 0.5 * SIGMA / (SIGMA**2 + 0.25).sqrt())
    torch.testing.assert_close(c.c_in, 1 / (SIGMA**2 + 0.25).sqrt())
    torch.testing.assert_close(c.c_noise, SIGMA.log() / 4)


def test_x0_takes_the_networks_word_alone():
    def network(inputs, c_noise):
        return inputs[:, 3:] / Preconditioning(0.5, "x0").coefficients(SIGMA).c_in[:, None, None, None]

    torch.testing.assert_close(denoise(network, X, CONCAT, SIGMA, Preconditioning(0.5, "x0")), 0.5 * CONCAT)


@pytest.mark.parametrize("sigma_data", [0.1, 0.5])
def test_the_network_sees_noisy_signal_of_unit_variance(sigma_data):
    c_in = Preconditioning(sigma_data, "x0").coefficients(SIGMA).c_in
    torch.testing.assert_close(c_in**2 * (SIGMA**2 + sigma_data**2), torch.ones(3))


def test_a_silent_network_leaves_the_skip():
    def silent(inputs, c_noise):
        return torch.zeros_like(inputs[:, :3])

    skip = 0.25 / (SIGMA**2 + 0.25)
    denoised = denoise(silent, X, CONCAT, SIGMA, Preconditioning(0.5, "edm"))
    torch.testing.assert_close(denoised, skip[:, None, None, None] * X)


def test_the_upscaled_picture_is_scaled_too_and_comes_second():
    seen = []

    def network(inputs, c_noise):
        seen.append(inputs)
        return inputs[:, :3]

    denoise(network, X, CONCAT, SIGMA, Preconditioning(0.5, "edm"))
    c_in = (SIGMA**2 + 0.25).rsqrt()[:, None, None, None]
    torch.testing.assert_close(seen[0], torch.cat((c_in * X, c_in * CONCAT), dim=1))


def test_the_result_has_the_states_dtype_whatever_the_network_gives():
    def half(inputs, c_noise):
        return inputs[:, :3].bfloat16()

    assert denoise(half, X, CONCAT, SIGMA, Preconditioning(0.5, "edm")).dtype == torch.float32
