"""Noise levels from high to low."""

import torch
from torch import Tensor


def karras_sigmas(steps: int, sigma_min: float, sigma_max: float, rho: float) -> Tensor:
    """Return the Karras schedule (EDM, equation 5), then 0.

    Args:
        steps: Noise levels above 0, at least 1; a single one is ``sigma_max``.
        sigma_min: The last level above 0.
        sigma_max: The first level.
        rho: 7 puts most levels near ``sigma_min``; 1 spreads them evenly.

    Returns:
        ``[steps + 1]``, float32, falling, on the CPU.
    """
    ramp = torch.linspace(0, 1, steps, dtype=torch.float64)
    high, low = sigma_max ** (1 / rho), sigma_min ** (1 / rho)
    sigmas = (high + ramp * (low - high)) ** rho
    return torch.cat((sigmas, sigmas.new_zeros(1))).float()
