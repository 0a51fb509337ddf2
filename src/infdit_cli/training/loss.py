"""Training losses; each gives one number for a batch."""

from __future__ import annotations

import torch
from torch import Tensor

from infdit_cli.config import ModelConfig

CHARBONNIER_EPSILON = 1e-3
WINDOW_PX = 16
SPECTRUM_FLOOR = 0.05  # about what rounding to 8 bits leaves in a window


def charbonnier(predicted: Tensor, truth: Tensor) -> Tensor:
    """Return the mean of ``sqrt(error² + epsilon²)``: L1 that is smooth at zero (Lai et al. 2017)."""
    return torch.sqrt((predicted - truth).square() + CHARBONNIER_EPSILON**2).mean()


def denoising_loss(denoised: Tensor, signal: Tensor, sigma: Tensor, model: ModelConfig) -> Tensor:
    """Return the weighted squared error of a denoised signal.

    For ``edm`` the weight makes every noise level count alike (EDM, table 1). For ``x0`` all errors count
    as they are: high noise levels, where few-step sampling lives, have the largest.

    Args:
        denoised: The denoiser's estimate, ``[B, 3, H, W]``.
        signal: What it should be.
        sigma: Noise level of each, ``[B]``.
        model: ``parameterization`` and ``sigma_data``.
    """
    error = (denoised - signal).square().mean(dim=(1, 2, 3))
    if model.parameterization == "edm":
        error = error * (sigma.square() + model.sigma_data**2) / (sigma * model.sigma_data).square()
    return error.mean()


def repeated_pattern(error: Tensor, period_px: int) -> Tensor:
    """Return how much of an error repeats with a period: the rms of its mean at each place of the period.

    A transformer that gives a patch at a time can print the same texture into all of them, and features of
    networks take it for detail. The mean over many patches has nothing else in it.

    Args:
        error: ``[B, 3, H, W]``, its sides multiples of the period.
        period_px: Side of a patch.
    """
    batch, channels, height, width = error.shape
    folded = error.view(batch, channels, height // period_px, period_px, width // period_px, period_px)
    return folded.mean((2, 4)).square().mean().sqrt()


def unlike_gradients(predicted: Tensor, truth: Tensor, period_px: int) -> Tensor:
    """Return by how much the mean gradient at each place of a period differs from the truth's.

    Too little everywhere is blur; too much in one place is a border between blocks or patches.

    Args:
        predicted: ``[B, 3, H, W]``, its sides multiples of the period.
        truth: The same.
        period_px: Side of a block.
    """
    losses = []
    for axis in (2, 3):
        steps = [_folded_steps(picture, axis, period_px) for picture in (predicted, truth)]
        losses.append((steps[0] - steps[1]).abs().mean())
    return torch.stack(losses).mean()


def _folded_steps(picture: Tensor, axis: int, period_px: int) -> Tensor:
    """Return the mean step between neighbours at each place of the period, ``[B, 3, period]``."""
    steps = (picture - picture.roll(1, axis)).abs().mean(5 - axis)[..., period_px:]
    return steps.view(*steps.shape[:2], -1, period_px).mean(2)


def unlike_spectra(predicted: Tensor, truth: Tensor) -> Tensor:
    """Return by how much the mean spectra of small windows differ: the mean square of the log of their ratio.

    Natural pictures have hardly anything at the finest frequencies; a mesh of single pixels, which the
    features of networks take for detail, stands out there.

    Args:
        predicted: ``[B, 3, H, W]`` on [-1, 1], its sides at least ``WINDOW_PX``.
        truth: The same.
    """
    ratio = torch.log((_spectrum(predicted) + SPECTRUM_FLOOR) / (_spectrum(truth) + SPECTRUM_FLOOR))
    return ratio.square().mean()


def _spectrum(pictures: Tensor) -> Tensor:
    """Return the mean amplitude of each frequency over half-overlapping windows, ``[B, 3, window, ...]``."""
    line = torch.hann_window(WINDOW_PX, periodic=False, device=pictures.device)
    windows = pictures.float().unfold(2, WINDOW_PX, WINDOW_PX // 2).unfold(3, WINDOW_PX, WINDOW_PX // 2)
    spectra: Tensor = torch.fft.rfft2(windows * torch.outer(line, line)).abs()
    return spectra.mean((2, 3))
