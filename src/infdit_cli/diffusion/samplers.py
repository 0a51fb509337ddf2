"""Samplers as sequences of denoiser evaluations, with explicit state.

The executor interleaves blocks, so it owns the loop: for evaluation ``e`` of a block it denoises ``x`` at
``sigma_at(sigmas, e)`` and hands both to ``advance``. What a sampler remembers between two
evaluations of a block is a tuple of tensors, all of the block's shape: ``num_state_tensors`` at most.
"""

import math
from collections.abc import Callable
from typing import Protocol

from torch import Tensor

from infdit_cli.config import SamplerName

Denoise = Callable[[Tensor, float], Tensor]
State = tuple[Tensor, ...]

START: State = ()


class Sampler(Protocol):
    """A way to walk the probability-flow ODE from noise to picture.

    Attributes:
        num_state_tensors: The most that ``advance`` asks to be remembered.
    """

    num_state_tensors: int

    def num_evaluations(self, steps: int) -> int:
        """Return how many denoiser calls ``steps`` noise levels need."""
        ...

    def sigma_at(self, sigmas: Tensor, evaluation: int) -> float:
        """Return the noise level of one evaluation.

        Args:
            sigmas: ``[steps + 1]``, falling, ending in 0.
            evaluation: From 0 to ``num_evaluations(steps) - 1``.
        """
        ...

    def advance(
        self, x: Tensor, denoised: Tensor, state: State, sigmas: Tensor, evaluation: int
    ) -> tuple[Tensor, State]:
        """Return what the next evaluation sees, and what to remember until then.

        Args:
            x: What this evaluation saw, ``[..., h, w]``.
            denoised: The denoiser's answer, the same shape.
            state: What the previous ``advance`` returned; ``START`` at evaluation 0.
            sigmas: ``[steps + 1]``, falling, ending in 0.
            evaluation: From 0; after the last one the returned tensor is the result.
        """
        ...


class Heun:
    """Heun's second-order method (EDM, algorithm 1, without churn): two evaluations a step, one at last."""

    num_state_tensors = 1

    def num_evaluations(self, steps: int) -> int:
        """Return ``2 steps - 1``: the step to 0 has no second evaluation."""
        return 2 * steps - 1

    def sigma_at(self, sigmas: Tensor, evaluation: int) -> float:
        """Return the step's level in its first evaluation, the next one in its second."""
        return float(sigmas[(evaluation + 1) // 2])

    def advance(
        self, x: Tensor, denoised: Tensor, state: State, sigmas: Tensor, evaluation: int
    ) -> tuple[Tensor, State]:
        """Take an Euler step, or correct the last one with the mean of both slopes."""
        step, correcting = divmod(evaluation, 2)
        sigma, sigma_next = sigmas[step : step + 2].tolist()
        if correcting:
            return heun_correction(x, denoised, state[0], sigma, sigma_next), START
        if sigma_next == 0:
            return denoised, START
        slope = (x - denoised) / sigma
        halfway = x + slope * ((sigma_next - sigma) / 2)
        return x + slope * (sigma_next - sigma), (halfway,)


class DPMpp2M:
    """DPM-Solver++ 2M (Lu et al. 2022, arXiv 2211.01095, algorithm 2), in sigma: one evaluation a step."""

    num_state_tensors = 1

    def num_evaluations(self, steps: int) -> int:
        """Return ``steps``."""
        return steps

    def sigma_at(self, sigmas: Tensor, evaluation: int) -> float:
        """Return the step's level."""
        return float(sigmas[evaluation])

    def advance(
        self, x: Tensor, denoised: Tensor, state: State, sigmas: Tensor, evaluation: int
    ) -> tuple[Tensor, State]:
        """Take a step along the line through this and the previous denoised picture."""
        sigma, sigma_next = sigmas[evaluation : evaluation + 2].tolist()
        if sigma_next == 0:
            return denoised, START
        target = denoised
        if state:
            target = extrapolate(denoised, state[0], float(sigmas[evaluation - 1]), sigma, sigma_next)
        ratio = sigma_next / sigma
        return ratio * x + (1 - ratio) * target, (denoised,)


def heun_correction(x: Tensor, denoised: Tensor, halfway: Tensor, sigma: float, sigma_next: float) -> Tensor:
    """Finish a Heun step.

    Args:
        x: Where the Euler step led, at ``sigma_next``.
        denoised: The denoiser's answer there.
        halfway: Half of the Euler step: all that is needed of start and slope, in one tensor.
        sigma: The level that the step leaves.
        sigma_next: The level that it reaches.
    """
    slope = (x - denoised) / sigma_next
    return halfway + slope * ((sigma_next - sigma) / 2)


def extrapolate(now: Tensor, before: Tensor, sigma_before: float, sigma: float, sigma_next: float) -> Tensor:
    """Extend the line through two denoised pictures to the middle of the next step, in ``-ln(sigma)``.

    Args:
        now: Denoised at ``sigma``.
        before: Denoised at ``sigma_before``.
        sigma_before: The level before this one.
        sigma: This level.
        sigma_next: The level after it.
    """
    reach = math.log(sigma / sigma_next) / math.log(sigma_before / sigma) / 2
    return now + (now - before) * reach


def sample(denoise: Denoise, x: Tensor, sigmas: Tensor, sampler: Sampler) -> Tensor:
    """Walk a whole picture from noise to result; the oracle for every interleaved walk.

    Args:
        denoise: ``(x, sigma)`` to the denoised picture.
        x: Start: upscaled picture plus noise of standard deviation ``sigmas[0]``, any shape.
        sigmas: ``[steps + 1]``, falling, ending in 0.
        sampler: The method.

    Returns:
        The result in the shape and dtype of ``x``.
    """
    state = START
    for evaluation in range(sampler.num_evaluations(len(sigmas) - 1)):
        denoised = denoise(x, sampler.sigma_at(sigmas, evaluation))
        x, state = sampler.advance(x, denoised, state, sigmas, evaluation)
    return x


SAMPLERS: dict[SamplerName, Sampler] = {"heun": Heun(), "dpmpp-2m": DPMpp2M()}
