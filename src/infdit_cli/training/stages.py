"""The first two stages of the recipe: the base alone, then base and transformer together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor, nn

from infdit_cli.config import StageConfig, StageName, TrackName
from infdit_cli.events import Validated
from infdit_cli.model import BaseOutput, Network
from infdit_cli.training.loss import charbonnier, denoising_loss
from infdit_cli.training.refiner import Refiner, as_base, as_network
from infdit_cli.training.tensors import TensorBatch
from infdit_cli.training.validation import Pairs, mean_lanczos, mean_psnr, psnr_y, scores_at

# Part of a batch that is trained at the highest noise level exactly: one-step sampling only ever sees that.
TOP_SIGMA_SHARE = 0.3


@dataclass(kw_only=True)
class BaseStage:
    """Train the convolutional base to be faithful.

    Args:
        settings: Learning rate, batch and crop.
        pairs: Pictures held aside, by how they were made small; ``clean`` first.
    """

    settings: StageConfig
    pairs: Pairs
    name: StageName = "base"

    def part(self, network: Network) -> nn.Module:
        """Return the base: the rest is not there yet."""
        return as_base(network.base)

    def parameter_groups(self, module: nn.Module) -> list[dict[str, object]]:
        """Return the parameters with the factor on their learning rate."""
        return [{"params": list(module.parameters()), "rate": 1.0}]

    def loss(self, module: nn.Module, batch: TensorBatch, batch_number: int) -> Tensor:  # noqa: ARG002 - nothing random here
        """Return the Charbonnier distance of base and truth."""
        base: BaseOutput = module(batch.lr)
        return charbonnier(base.image, batch.hr)

    @torch.inference_mode()
    def validate(self, module: nn.Module, step: int) -> tuple[Validated, ...]:
        """Measure the base against Lanczos."""
        return tuple(
            Validated(
                self.name,
                step,
                mean_lanczos(pairs),
                ((0, mean_psnr(pairs, lambda lr: module(lr).image)),),
                track=track,
            )
            for track, pairs in self.pairs.items()
        )


@dataclass(kw_only=True)
class JointStage:
    """Train the transformer to denoise the residual that the base leaves, and the base along with it.

    Args:
        settings: Learning rate, batch and crop.
        refiner: The architecture and its schedule.
        pairs: Pictures held aside, by how they were made small; ``clean`` first.
        validate_steps: Numbers of sampler steps to validate.
        base_rate: Factor on the base's learning rate: it is already trained.
    """

    settings: StageConfig
    refiner: Refiner
    pairs: Pairs
    validate_steps: tuple[int, ...] = (0, 1, 2)
    base_rate: float = 0.4
    name: StageName = "joint"

    def part(self, network: Network) -> nn.Module:
        """Return all of it."""
        return network

    def parameter_groups(self, module: nn.Module) -> list[dict[str, object]]:
        """Return the parameters with the factor on their learning rate."""
        network = as_network(module)
        return [
            {"params": list(network.transformer.parameters()), "rate": 1.0},
            {"params": list(as_base(network.base).parameters()), "rate": self.base_rate},
        ]

    def loss(self, module: nn.Module, batch: TensorBatch, batch_number: int) -> Tensor:
        """Return the denoising loss of the residual plus the base's own, both in units of the signal."""
        network, hr = as_network(module), batch.hr
        base: BaseOutput = as_base(network.base)(batch.lr)
        unit, signal, sigma, noisy = self.refiner.noised(base, hr, batch_number, top_share=TOP_SIGMA_SHARE)
        denoised = self.refiner.denoise(network, noisy, base, sigma)
        # Both losses in pixels, over the batch's mean unit: errors count as they are seen.
        scale = unit.square().mean().sqrt()
        denoising = denoising_loss(
            denoised * (unit / scale), signal * (unit / scale), sigma, self.refiner.model
        )
        return denoising + charbonnier(base.image, hr) / scale

    @torch.inference_mode()
    def validate(self, module: nn.Module, step: int) -> tuple[Validated, ...]:
        """Measure the picture after each number of sampler steps against Lanczos."""
        return tuple(self._validated(as_network(module), step, track) for track in self.pairs)

    def _validated(self, network: Network, step: int, track: TrackName) -> Validated:
        pairs = self.pairs[track]
        upscale = partial(self.refiner.upscale, network)
        [decibels] = scores_at(self.validate_steps, upscale, pairs, psnr_y)
        return Validated(self.name, step, mean_lanczos(pairs), decibels, track=track)
