"""The two stages of the recipe: the base alone, then base and transformer together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor, nn

from infdit_cli.config import ModelConfig, SamplerConfig, StageConfig
from infdit_cli.diffusion import SAMPLERS, Preconditioning, canvas_noise, denoise, karras_sigmas, sample
from infdit_cli.events import Validated
from infdit_cli.geometry import Rect
from infdit_cli.model import Base, BaseOutput, LRWindow, Network
from infdit_cli.training.degradations import downscale
from infdit_cli.training.loss import charbonnier, denoising_loss
from infdit_cli.training.validation import ValidationPair, mean_psnr

# Part of a batch that is trained at the highest noise level exactly: one-step sampling only ever sees that.
TOP_SIGMA_SHARE = 0.3


@dataclass(kw_only=True)
class BaseStage:
    """Train the convolutional base to be faithful.

    Args:
        config: Learning rate, batch and crop.
        scale: HR side over LR side.
        pairs: Pictures held aside.
    """

    config: StageConfig
    scale: int
    pairs: Sequence[ValidationPair]
    name: str = "base"

    def parameter_groups(self, module: nn.Module) -> list[dict[str, object]]:
        """Return the parameters with the factor on their learning rate."""
        return [{"params": list(module.parameters()), "rate": 1.0}]

    def loss(self, module: nn.Module, hr: Tensor, step: int) -> Tensor:  # noqa: ARG002 - nothing random here
        """Return the Charbonnier distance of base and truth."""
        base: BaseOutput = module(downscale(hr, self.scale))
        return charbonnier(base.image, hr)

    @torch.inference_mode()
    def validate(self, module: nn.Module, step: int) -> Validated:
        """Measure the base against Lanczos."""
        base_db = mean_psnr(self.pairs, lambda lr: module(lr).image)
        return Validated(self.name, step, _lanczos_db(self.pairs), ((0, base_db),))


@dataclass(kw_only=True)
class JointStage:
    """Train the transformer to denoise the residual that the base leaves, and the base along with it.

    Args:
        config: Learning rate, batch and crop.
        model: The architecture.
        sampler: Schedule to validate with.
        pairs: Pictures held aside.
        validate_steps: Numbers of sampler steps to validate.
        seed: Chooses noise and noise levels, together with the step.
        base_rate: Factor on the base's learning rate: it is already trained.
    """

    config: StageConfig
    model: ModelConfig
    sampler: SamplerConfig
    pairs: Sequence[ValidationPair]
    validate_steps: tuple[int, ...]
    seed: int
    base_rate: float = 0.4
    name: str = "joint"

    def parameter_groups(self, module: nn.Module) -> list[dict[str, object]]:
        """Return the parameters with the factor on their learning rate."""
        network = as_network(module)
        return [
            {"params": list(network.transformer.parameters()), "rate": 1.0},
            {"params": list(as_base(network.base).parameters()), "rate": self.base_rate},
        ]

    def loss(self, module: nn.Module, hr: Tensor, step: int) -> Tensor:
        """Return the denoising loss of the residual plus the base's own, both in units of the signal."""
        network = as_network(module)
        lr = downscale(hr, self.model.scale)
        base: BaseOutput = as_base(network.base)(lr)
        unit = base.spread / self.model.sigma_data
        signal = (hr - base.image.detach()) / unit
        sigma, noise = self._draw(signal, step)
        noisy = signal + noise * sigma.view(-1, 1, 1, 1)
        denoised = self._denoise(network, noisy, base, sigma)
        # Both losses in pixels, over the batch's mean unit: errors count as they are seen.
        scale = unit.square().mean().sqrt()
        denoising = denoising_loss(denoised * (unit / scale), signal * (unit / scale), sigma, self.model)
        return denoising + charbonnier(base.image, hr) / scale

    @torch.inference_mode()
    def validate(self, module: nn.Module, step: int) -> Validated:
        """Measure the picture after each number of sampler steps against Lanczos."""
        network = as_network(module)
        scores = tuple(
            (steps, mean_psnr(self.pairs, partial(self._upscale, network, steps)))
            for steps in self.validate_steps
        )
        return Validated(self.name, step, _lanczos_db(self.pairs), scores)

    def _draw(self, signal: Tensor, step: int) -> tuple[Tensor, Tensor]:
        """Return noise levels ``[B]``, log-uniform with extra weight on the highest, and unit noise."""
        generator = torch.Generator().manual_seed(hash((self.seed, step)) % 2**63)
        low, high = math.log(self.model.sigma_min), math.log(self.model.sigma_max)
        uniform = torch.rand(signal.shape[0], generator=generator)
        sigma = torch.exp(low + (high - low) * (uniform / (1 - TOP_SIGMA_SHARE)).clamp_max(1.0))
        return sigma.to(signal.device), torch.randn(signal.shape, generator=generator).to(signal.device)

    def _denoise(self, network: Network, noisy: Tensor, base: BaseOutput, sigma: Tensor) -> Tensor:
        transformer = partial(network.transformer, lr=LRWindow(base.features))
        return denoise(
            transformer,
            noisy,
            base.image.detach(),
            sigma,
            Preconditioning(self.model.sigma_data, self.model.parameterization),
        )

    def _upscale(self, network: Network, steps: int, lr: Tensor) -> Tensor:
        base: BaseOutput = as_base(network.base)(lr)
        if steps == 0:
            return base.image
        height, width = (side // self.model.block_px for side in base.image.shape[2:])
        noise = canvas_noise(self.seed, Rect(0, 0, height, width), channels=3, block_px=self.model.block_px)
        if steps == 1:  # as the engine does: one step takes no noise
            noise = torch.zeros_like(noise)
        s = self.sampler
        residual = sample(
            lambda x, sigma: self._denoise(network, x, base, x.new_full((1,), sigma)),
            noise.to(lr.device) * s.sigma_max,
            karras_sigmas(steps, s.sigma_min, s.sigma_max, s.rho),
            SAMPLERS[s.name],
        )
        return base.image + residual * base.spread / self.model.sigma_data


def _lanczos_db(pairs: Sequence[ValidationPair]) -> float:
    return sum(pair.lanczos_db for pair in pairs) / len(pairs)


def as_network(module: nn.Module) -> Network:
    """Return ``module``, known to be a whole network."""
    if not isinstance(module, Network):
        raise TypeError(f"expected a whole network, not a {type(module).__name__}")
    return module


def as_base(module: nn.Module | None) -> Base:
    """Return ``module``, known to be a convolutional base."""
    if not isinstance(module, Base):
        raise TypeError("expected a convolutional base")
    return module
