"""Heun trajectories against the original's, state by state."""

import pytest
import torch

from infdit_cli.diffusion import SAMPLERS, karras_sigmas
from infdit_cli.diffusion.samplers import START
from support.closeness import assert_close
from support.golden import denoise_case, load_case, reference_model


def states_after_steps(model, case, x, sigmas):
    """Return x after each Heun step, [steps, 3, h, w]."""
    heun, state, states = SAMPLERS["heun"], START, []
    num_evaluations = heun.num_evaluations(len(sigmas) - 1)
    for evaluation in range(num_evaluations):
        sigma = torch.tensor([heun.sigma_at(sigmas, evaluation)])
        denoised, _ = denoise_case(model, case, x, sigma)
        x, state = heun.advance(x, denoised, state, sigmas, evaluation)
        if evaluation % 2 or evaluation == num_evaluations - 1:
            states.append(x)
    return torch.cat(states)


@pytest.mark.parametrize("steps", [4, 8])
def test_trajectory_of_model_a_is_the_originals(steps):
    model, case = reference_model("A"), load_case("A", "sample")
    sigmas, expected = case[f"sigmas_{steps}"], case[f"x_{steps}"]
    start = case["concat_lr"] + case["noise"] * sigmas[0]
    assert_close(start, expected[:1], f"trajectory_{steps}", "start")
    states = states_after_steps(model, case, start, sigmas)
    assert_close(states, expected[1:], f"trajectory_{steps}", f"A, {steps} steps")


def test_trajectory_of_model_c_is_the_originals():
    model, case = reference_model("C"), load_case("C", "sample")
    start = case["concat_lr"] + case["noise"] * case["sigmas_4"][0]
    states = states_after_steps(model, case, start, case["sigmas_4"])
    assert_close(states, torch.cat((case["x_4"], case["final_4"])), "trajectory_4", "C, 4 steps")


@pytest.mark.parametrize("steps", [4, 8])
def test_sigmas_are_the_originals_up_to_float32(steps):
    expected = load_case("A", "sample")[f"sigmas_{steps}"]
    torch.testing.assert_close(karras_sigmas(steps, 0.002, 40.0, 7.0), expected, rtol=2e-6, atol=0)
