"""The transformer as training sees it: noise drawn, residuals denoised, whole pictures sampled."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import torch
from torch import Tensor

from infdit_cli.config import PICTURE_CHANNELS, ModelConfig, SamplerConfig
from infdit_cli.diffusion import SAMPLERS, Preconditioning, canvas_noise, denoise, karras_sigmas, sample
from infdit_cli.geometry import Rect
from infdit_cli.model import Base, BaseOutput, LRWindow, Network
from infdit_cli.seeds import natural
from infdit_cli.training.chance import generator_of


class NoisedResidual(NamedTuple):
    """What a base leaves of a batch, with noise on it.

    Attributes:
        unit: What one unit of the signal is in pixels, ``[B, 1, H, W]``.
        signal: The residual in units, ``[B, 3, H, W]``; of the base's picture it takes no gradient along.
        sigma: Noise levels, ``[B]``.
        noisy: The signal with noise of these levels, ``[B, 3, H, W]``.
    """

    unit: Tensor
    signal: Tensor
    sigma: Tensor
    noisy: Tensor


@dataclass(frozen=True, kw_only=True)
class Refiner:
    """Draws noise and denoises residuals for one architecture.

    Args:
        model: The architecture.
        sampler: Schedule to sample whole pictures with.
        seed: Chooses noise and noise levels, together with the batch.
    """

    model: ModelConfig
    sampler: SamplerConfig
    seed: int

    def draw(self, signal: Tensor, number: int, *, top_share: float) -> tuple[Tensor, Tensor]:
        """Return noise levels ``[B]`` and unit noise for a batch.

        Args:
            signal: The batch, ``[B, 3, H, W]``.
            number: Of the batch in training.
            top_share: Part of the batch that gets the highest level exactly; the rest is log-uniform.
        """
        generator = generator_of(natural(self.seed), number)
        low, high = math.log(self.model.sigma_min), math.log(self.model.sigma_max)
        uniform = torch.rand(signal.shape[0], generator=generator)
        sigma = torch.exp(low + (high - low) * (uniform / (1 - top_share)).clamp_max(1.0))
        return sigma.to(signal.device), torch.randn(signal.shape, generator=generator).to(signal.device)

    def noised(self, base: BaseOutput, hr: Tensor, number: int, *, top_share: float) -> NoisedResidual:
        """Return what ``base`` leaves of ``hr``, ``[B, 3, H, W]``, and noise of batch ``number``."""
        unit = self.unit(base)
        signal = (hr - base.image.detach()) / unit
        sigma, noise = self.draw(signal, number, top_share=top_share)
        return NoisedResidual(unit, signal, sigma, signal + noise * sigma.view(-1, 1, 1, 1))

    def unit(self, base: BaseOutput) -> Tensor:
        """Return what one unit of the signal is in pixels, ``[B, 1, H, W]``."""
        return base.spread / self.model.sigma_data

    def denoise(self, network: Network, noisy: Tensor, base: BaseOutput, sigma: Tensor) -> Tensor:
        """Return the estimate of the residual, in units, ``[B, 3, H, W]``."""
        return denoise(
            partial(network.transformer, lr=LRWindow(base.features)),
            noisy,
            base.image.detach(),
            sigma,
            Preconditioning(self.model.sigma_data, self.model.parameterization),
        )

    def upscale(self, network: Network, steps: int, lr: Tensor) -> Tensor:
        """Return the picture after ``steps`` of the sampler, ``[1, 3, H, W]`` on [-1, 1]."""
        base: BaseOutput = as_base(network.base)(lr)
        if steps == 0:
            return base.image
        height, width = (side // self.model.block_px for side in base.image.shape[2:])
        noise = canvas_noise(
            self.seed, Rect(0, 0, height, width), channels=PICTURE_CHANNELS, block_px=self.model.block_px
        )
        s = self.sampler
        residual = sample(
            lambda x, sigma: self.denoise(network, x, base, x.new_full((1,), sigma)),
            noise.to(lr.device) * s.sigma_max * s.temperature,
            karras_sigmas(steps, s.sigma_min, s.sigma_max, s.rho),
            SAMPLERS[s.name],
        )
        return base.image + residual * self.unit(base)


def as_network(module: torch.nn.Module) -> Network:
    """Return ``module``, known to be a whole network."""
    if not isinstance(module, Network):
        raise TypeError(f"expected a whole network, not a {type(module).__name__}")
    return module


def as_base(module: torch.nn.Module | None) -> Base:
    """Return ``module``, known to be a convolutional base."""
    if not isinstance(module, Base):
        raise TypeError("expected a convolutional base")
    return module
