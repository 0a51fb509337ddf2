"""Noise levels from high to low."""

import torch
from torch import Tensor

from infdit_cli.errors import OptionError


def karras_sigmas(steps: int, sigma_min: float, sigma_max: float, rho: float) -> Tensor:
    """Return the Karras schedule (EDM, equation 5), then 0.

    Args:
        steps: Noise levels above 0, at least 1; a single one is ``sigma_max``.
        sigma_min: The last level above 0.
        sigma_max: The first level.
        rho: 7 puts most levels near ``sigma_min``; 1 spreads them evenly.

    Returns:
        ``[steps + 1]``, float32, falling, on the CPU.

    Raises:
        OptionError: If that many levels between the two are not all different in float32.
    """
    ramp = torch.linspace(0, 1, steps, dtype=torch.float64)
    high, low = sigma_max ** (1 / rho), sigma_min ** (1 / rho)
    sigmas = (high + ramp * (low - high)) ** rho
    sigmas = torch.cat((sigmas, sigmas.new_zeros(1))).float()
    if steps > 1 and sigmas[-2] == 0:
        sigmas[-2] = sigma_min  # its power was lost beside the first level's: 0.002 ** 10 beside 40 ** 10
    if not (sigmas.diff() < 0).all():
        raise OptionError(
            f"--steps is {steps}; so many noise levels between {sigma_max:g} and {sigma_min:g} do not differ",
            hint="give fewer steps",
        )
    return sigmas
