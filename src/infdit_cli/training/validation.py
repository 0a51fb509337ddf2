"""PSNR on pictures held aside from training, against Lanczos."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from infdit_cli.config import TrackName
from infdit_cli.degradation import Pixels, shrunk_for_track
from infdit_cli.training.split import HeldAside
from infdit_cli.training.tensors import to_model

LUMA = (65.481, 128.553, 24.966)  # BT.601, studio range
# What rounding Y to whole levels costs. A picture that is nearer, as a flat one that comes back exactly,
# counts as 58.9 dB: left out, it would leave each number of steps the mean of other pictures.
LEAST_SQUARE_ERROR = 1 / 12

Upscale = Callable[[Tensor], Tensor]
Measure = Callable[[Tensor, Tensor], float]  # of a picture and the truth
Scores = tuple[tuple[int, float], ...]  # numbers of sampler steps, and what came of them


@dataclass(frozen=True, slots=True)
class ValidationPair:
    """A held-aside crop and its LR version, both ``[1, 3, H, W]`` on [-1, 1]."""

    hr: Tensor
    lr: Tensor
    lanczos_db: float

    def moved(self, device: torch.device) -> ValidationPair:
        """Return it on a device."""
        return ValidationPair(self.hr.to(device), self.lr.to(device), self.lanczos_db)


# Pictures held aside, by how they were made small; ``clean`` first.
Pairs = Mapping[TrackName, Sequence[ValidationPair]]


def make_pairs(held: Sequence[HeldAside], track: TrackName, *, scale: int) -> list[ValidationPair]:
    """Make the centre of each picture small.

    Args:
        held: Pictures held aside.
        track: ``clean`` is Pillow's bicubic; ``degraded`` the chain of damages, the same for a name.
        scale: How many times smaller.
    """
    return [_pair(each.centre, track, scale, name=each.picture.path.name) for each in held]


def mean_psnr(pairs: Sequence[ValidationPair], upscale: Upscale) -> float:
    """Return the mean PSNR on Y of ``upscale(lr)`` over the pairs, in decibels."""
    return mean_of(psnr_y, [upscale(pair.lr) for pair in pairs], pairs)


def mean_lanczos(pairs: Sequence[ValidationPair]) -> float:
    """Return the mean PSNR on Y of Lanczos over the pairs, in decibels."""
    return float(np.mean([pair.lanczos_db for pair in pairs]))


def scores_at(
    counts: Sequence[int],
    upscale: Callable[[int, Tensor], Tensor],
    pairs: Sequence[ValidationPair],
    *measures: Measure,
) -> list[Scores]:
    """Return for each measure its mean over the pairs after each number of sampler steps.

    Args:
        counts: Numbers of sampler steps.
        upscale: Returns the picture after so many steps for an LR one.
        pairs: Pictures held aside.
        measures: What to compare a picture with the truth by.
    """
    rows = []
    for count in counts:
        pictures = [upscale(count, pair.lr) for pair in pairs]
        rows.append([(count, mean_of(measure, pictures, pairs)) for measure in measures])
    return list(zip(*rows, strict=True))


def mean_of(measure: Measure, pictures: Sequence[Tensor], pairs: Sequence[ValidationPair]) -> float:
    """Return the mean of ``measure(picture, truth)``."""
    return float(np.mean([measure(picture, pair.hr) for picture, pair in zip(pictures, pairs, strict=True)]))


def psnr_y(predicted: Tensor, truth: Tensor) -> float:
    """Return the PSNR of luma of two pictures on [-1, 1], the first rounded to 8 bits: at most 58.9 dB."""
    predicted = torch.round((predicted.clamp(-1, 1) + 1) * 127.5).div(127.5).sub(1)
    weights = predicted.new_tensor(LUMA).view(1, 3, 1, 1)
    error = ((predicted - truth) * weights).sum(dim=1) / 2
    return float(10 * torch.log10(255.0**2 / error.square().mean().clamp_min(LEAST_SQUARE_ERROR)))


def _pair(centre: Pixels, track: TrackName, scale: int, *, name: str) -> ValidationPair:
    small = shrunk_for_track(centre, track, scale=scale, picture=name, seed=0)
    lanczos = np.asarray(Image.fromarray(small).resize(centre.shape[:2], Image.Resampling.LANCZOS))
    hr = _tensor(centre)
    return ValidationPair(hr, _tensor(small), psnr_y(_tensor(lanczos), hr))


def _tensor(pixels: Pixels) -> Tensor:
    return to_model(torch.from_numpy(pixels.copy())[None])
