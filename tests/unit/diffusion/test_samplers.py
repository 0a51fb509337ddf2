"""Samplers on Gaussian data, where the best denoiser and the ODE's solution are known in closed form."""

import math
from itertools import pairwise

import pytest
import torch

from infdit_cli.diffusion import SAMPLERS, karras_sigmas, sample
from infdit_cli.diffusion.samplers import START

DATA_STD = 0.5
START_X = torch.tensor([3.0, -7.0], dtype=torch.float64)
EACH = pytest.mark.parametrize("sampler", SAMPLERS.values(), ids=SAMPLERS)


def gaussian_denoiser(x, sigma):
    """The best denoiser for data from N(0, DATA_STD²)."""
    return x * (DATA_STD**2 / (sigma**2 + DATA_STD**2))


def curved_denoiser(x, sigma):
    """Any smooth denoiser: results differ between methods."""
    return torch.tanh(x) / (1 + sigma)


def solution(sigmas, level):
    """The probability-flow ODE's solution at a level, from START_X at sigmas[0]."""
    first, last = float(sigmas[0]), float(sigmas[level])
    return START_X * math.sqrt((last**2 + DATA_STD**2) / (first**2 + DATA_STD**2))


def seen_by_last_evaluation(sampler, sigmas):
    """Walk to the last level above 0: the last step, to 0, is of first order in every method."""
    x, state = START_X, START
    for evaluation in range(sampler.num_evaluations(len(sigmas) - 1) - 1):
        denoised = gaussian_denoiser(x, sampler.sigma_at(sigmas, evaluation))
        x, state = sampler.advance(x, denoised, state, sigmas, evaluation)
    return x


def error(sampler, num_intervals):
    sigmas = karras_sigmas(num_intervals + 1, 0.02, 10.0, 7.0)
    return (seen_by_last_evaluation(sampler, sigmas) - solution(sigmas, -2)).abs().max().item()


@EACH
def test_twice_the_steps_make_a_quarter_of_the_error(sampler):
    order = math.log2(error(sampler, 64) / error(sampler, 128))
    assert 1.8 < order < 2.3


@EACH
def test_many_steps_end_at_the_closed_form_solution(sampler):
    result = sample(gaussian_denoiser, START_X, karras_sigmas(200, 0.002, 10.0, 7.0), sampler)
    torch.testing.assert_close(result, START_X * DATA_STD / math.hypot(10.0, DATA_STD), rtol=1e-3, atol=0)


@EACH
def test_a_single_step_gives_the_denoised_picture(sampler):
    result = sample(curved_denoiser, START_X, karras_sigmas(1, 0.002, 10.0, 7.0), sampler)
    assert torch.equal(result, curved_denoiser(START_X, 10.0))


@EACH
def test_interleaved_blocks_end_like_each_on_its_own(sampler):
    sigmas = karras_sigmas(5, 0.02, 10.0, 7.0)
    walks = [(START_X, START), (START_X + 1, START), (2 * START_X, START)]
    for evaluation in range(sampler.num_evaluations(5)):
        sigma = sampler.sigma_at(sigmas, evaluation)
        walks = [
            sampler.advance(x, curved_denoiser(x, sigma), state, sigmas, evaluation) for x, state in walks
        ]
    alone = [sample(curved_denoiser, x, sigmas, sampler) for x in (START_X, START_X + 1, 2 * START_X)]
    assert all(torch.equal(x, expected) for (x, _), expected in zip(walks, alone, strict=True))


@EACH
def test_nothing_is_remembered_at_the_end(sampler):
    sigmas, x, state = karras_sigmas(3, 0.02, 10.0, 7.0), START_X, START
    for evaluation in range(sampler.num_evaluations(3)):
        x, state = sampler.advance(x, curved_denoiser(x, 1.0), state, sigmas, evaluation)
    assert state == START


@EACH
def test_a_sampler_remembers_as_much_as_it_says(sampler):
    sigmas, x, state, most = karras_sigmas(3, 0.02, 10.0, 7.0), START_X, START, 0
    for evaluation in range(sampler.num_evaluations(3)):
        x, state = sampler.advance(x, curved_denoiser(x, 1.0), state, sigmas, evaluation)
        most = max(most, len(state))
    assert most == sampler.num_state_tensors


@EACH
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_results_keep_the_dtype_of_the_start(sampler, dtype):
    result = sample(curved_denoiser, START_X.to(dtype), karras_sigmas(3, 0.02, 10.0, 7.0), sampler)
    assert result.dtype == dtype


def test_heun_is_algorithm_one_of_edm_without_churn():
    sigmas, x = karras_sigmas(6, 0.02, 10.0, 7.0), START_X
    levels = sigmas.tolist()
    for sigma, sigma_next in pairwise(levels):
        slope = (x - curved_denoiser(x, sigma)) / sigma
        x_next = x + (sigma_next - sigma) * slope
        if sigma_next:
            slope_next = (x_next - curved_denoiser(x_next, sigma_next)) / sigma_next
            x_next = x + (sigma_next - sigma) * (slope + slope_next) / 2
        x = x_next
    torch.testing.assert_close(sample(curved_denoiser, START_X, sigmas, SAMPLERS["heun"]), x)


def test_dpmpp_2m_is_that_of_k_diffusion():
    sigmas, x, before = karras_sigmas(6, 0.02, 10.0, 7.0), START_X, None
    levels = sigmas.tolist()
    for index, (sigma, sigma_next) in enumerate(pairwise(levels)):
        denoised = curved_denoiser(x, sigma)
        if sigma_next == 0:
            x = denoised
            continue
        h, used = math.log(sigma / sigma_next), denoised
        if before is not None:
            r = math.log(levels[index - 1] / sigma) / h
            used = (1 + 1 / (2 * r)) * denoised - before / (2 * r)
        x, before = sigma_next / sigma * x - math.expm1(-h) * used, denoised
    torch.testing.assert_close(sample(curved_denoiser, START_X, sigmas, SAMPLERS["dpmpp-2m"]), x)


def test_evaluations_are_counted_as_they_happen():
    calls = []

    def counting(x, sigma):
        calls.append(sigma)
        return x / 2

    for name, expected in (("heun", 39), ("dpmpp-2m", 20)):
        calls.clear()
        sample(counting, START_X, karras_sigmas(20, 0.002, 40.0, 7.0), SAMPLERS[name])
        assert len(calls) == SAMPLERS[name].num_evaluations(20) == expected
        assert min(calls) > 0
