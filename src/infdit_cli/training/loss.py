"""Training losses; each gives one number for a batch."""

from __future__ import annotations

import torch
from torch import Tensor

from infdit_cli.config import ModelConfig


def charbonnier(predicted: Tensor, truth: Tensor, *, epsilon: float = 1e-3) -> Tensor:
    """Return the mean of ``sqrt(error² + epsilon²)``: L1 that is smooth at zero (Lai et al. 2017)."""
    return torch.sqrt((predicted - truth).square() + epsilon**2).mean()


def denoising_loss(denoised: Tensor, signal: Tensor, sigma: Tensor, config: ModelConfig) -> Tensor:
    """Return the weighted squared error of a denoised signal.

    For ``edm`` the weight makes every noise level count alike (EDM, table 1). For ``x0`` all errors count
    as they are: high noise levels, where few-step sampling lives, have the largest.

    Args:
        denoised: The denoiser's estimate, ``[B, 3, H, W]``.
        signal: What it should be.
        sigma: Noise level of each, ``[B]``.
        config: ``parameterization`` and ``sigma_data``.
    """
    error = (denoised - signal).square().mean(dim=(1, 2, 3))
    if config.parameterization == "edm":
        error = error * (sigma.square() + config.sigma_data**2) / (sigma * config.sigma_data).square()
    return error.mean()
