"""The last stage of the recipe: the transformer learns what looks close, while the base is held still."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor, nn

from infdit_cli.config import StageConfig, StageName, TrackName
from infdit_cli.errors import MissingExtra
from infdit_cli.events import Validated
from infdit_cli.model import BaseOutput, Network
from infdit_cli.perception import DISTS_INSTALL, Lpips, PackageAbsent, packaged_dists, packaged_lpips
from infdit_cli.training.chance import generator_of
from infdit_cli.training.compiling import Distances, compiled
from infdit_cli.training.loss import charbonnier, repeated_pattern, unlike_gradients, unlike_spectra
from infdit_cli.training.refiner import Refiner, as_base, as_network
from infdit_cli.training.tensors import TensorBatch, reduce
from infdit_cli.training.validation import Pairs, mean_lanczos, psnr_y, scores_at

# Part of a batch that is trained just as one-step sampling runs: at the highest noise level.
ONE_STEP_SHARE = 0.9
# AlexNet sees a crop from another of these offsets each step; always the same would print its stride of 4.
SHIFTS = 16


@dataclass(frozen=True, slots=True)
class PerceptualLoss:
    """LPIPS of AlexNet and DISTS, both of whole crops, as pictures are judged.

    Args:
        lpips: Compares what is in a place.
        dists: Compares texture as well, wherever in the crop it is; of ``[B, 3, H, W]`` on [0, 1].
        lpips_weight, dists_weight: Of each.
    """

    lpips: Lpips
    dists: Distances
    lpips_weight: float = 4.0
    dists_weight: float = 8.0

    @classmethod
    def packaged(cls, device: torch.device, *, compile_it: bool = False) -> PerceptualLoss:
        """Read the networks from the packages that carry them.

        Args:
            device: Where they compute.
            compile_it: Compile DISTS, which takes more than half of a step.

        Raises:
            MissingExtra: If they are not installed.
            TrainingError: If torch cannot compile on this machine.
        """
        try:
            lpips, dists = packaged_lpips(device), packaged_dists(device).distances
        except PackageAbsent as err:
            raise MissingExtra(
                f"the perceptual stage needs the networks of {err}", hint=DISTS_INSTALL
            ) from err
        return cls(lpips, compiled(dists, device) if compile_it else dists)

    def __call__(self, predicted: Tensor, truth: Tensor, batch_number: int) -> Tensor:
        """Return the mean of ``[B, 3, H, W]`` on [-1, 1]; the number chooses where AlexNet begins."""
        top, left = torch.randint(SHIFTS, (2,), generator=generator_of(batch_number)).tolist()
        predicted, truth = _unit(predicted), _unit(truth)
        lpips = self.lpips.distances(predicted[..., top:, left:], truth[..., top:, left:]).mean()
        dists = self.dists(predicted, truth).mean()
        return self.lpips_weight * lpips + self.dists_weight * dists


@dataclass(kw_only=True)
class PerceptualStage:
    """Train the transformer alone towards pictures that look like the truth.

    Args:
        settings: Learning rate, batch and crop.
        refiner: The architecture and its schedule.
        pairs: Pictures held aside, by how they were made small; ``clean`` first.
        distance: The perceptual loss.
        validate_steps: Numbers of sampler steps to validate.
        pixel_weight: Of Charbonnier, for the picture and for the picture made small again.
        pattern_weight: Of what repeats patch by patch.
        gradient_weight: Of gradients that are too small, or too large along the borders of blocks.
        spectrum_weight: Of frequencies that are too strong or too weak.
    """

    settings: StageConfig
    refiner: Refiner
    pairs: Pairs
    distance: PerceptualLoss
    validate_steps: tuple[int, ...] = (0, 1, 2)
    pixel_weight: float = 0.1
    pattern_weight: float = 10.0
    gradient_weight: float = 4.0
    spectrum_weight: float = 2.0
    name: StageName = "perceptual"

    def part(self, network: Network) -> nn.Module:
        """Return all of it: the refiner needs the base beneath it."""
        return network

    def parameter_groups(self, module: nn.Module) -> list[dict[str, object]]:
        """Return the transformer's parameters; the base is not to change."""
        return [{"params": list(as_network(module).transformer.parameters()), "rate": 1.0}]

    def loss(self, module: nn.Module, batch: TensorBatch, batch_number: int) -> Tensor:
        """Return the distance of the refined pictures from the truth: in features, pixels and patterns."""
        network, model, hr = as_network(module), self.refiner.model, batch.hr
        # In float32, as it will be beneath the transformer whatever the format of that.
        with torch.no_grad(), torch.autocast(hr.device.type, enabled=False):
            base: BaseOutput = as_base(network.base)(batch.lr)
        unit, _, sigma, noisy = self.refiner.noised(base, hr, batch_number, top_share=ONE_STEP_SHARE)
        predicted = base.image + self.refiner.denoise(network, noisy, base, sigma) * unit
        small, small_truth = reduce(predicted, model.scale), reduce(hr, model.scale)
        return (
            self.distance(predicted, hr, batch_number)
            + self.pixel_weight * (charbonnier(predicted, hr) + charbonnier(small, small_truth))
            + self.pattern_weight * repeated_pattern(predicted - hr, model.patch_px)
            + self.gradient_weight * unlike_gradients(predicted, hr, model.block_px)
            + self.spectrum_weight * unlike_spectra(predicted, hr)
        )

    @torch.inference_mode()
    def validate(self, module: nn.Module, step: int) -> tuple[Validated, ...]:
        """Measure the picture after each number of sampler steps, in decibels and by LPIPS of AlexNet."""
        return tuple(self._validated(as_network(module), step, track) for track in self.pairs)

    def _validated(self, network: Network, step: int, track: TrackName) -> Validated:
        pairs = self.pairs[track]
        upscale = partial(self.refiner.upscale, network)
        decibels, distances = scores_at(self.validate_steps, upscale, pairs, psnr_y, self._lpips)
        return Validated(self.name, step, mean_lanczos(pairs), decibels, distances, track)

    def _lpips(self, predicted: Tensor, truth: Tensor) -> float:
        return self.distance.lpips(_unit(predicted.clamp(-1, 1)), _unit(truth))


def _unit(pictures: Tensor) -> Tensor:
    return (pictures + 1) / 2
