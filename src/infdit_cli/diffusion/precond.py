"""Preconditioning: the network sees unit variance, whatever the noise level (EDM, arXiv 2206.00364)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from infdit_cli.config import Parameterization

# The raw network F: (inputs [B, 6, h, w], c_noise [B]) to [B, 3, h, w].
RawNetwork = Callable[[Tensor, Tensor], Tensor]


class Coefficients(NamedTuple):
    """``D(x) = c_skip x + c_out F(c_in x, c_noise)``; each in the shape of sigma."""

    c_skip: Tensor
    c_out: Tensor
    c_in: Tensor
    c_noise: Tensor


@dataclass(frozen=True, slots=True)
class Preconditioning:
    """How the raw network becomes a denoiser.

    Args:
        sigma_data: Standard deviation of the clean signal.
        parameterization: ``edm`` mixes the noisy input into the output; ``x0`` takes the network's
            word alone, scaled to the signal's size.
    """

    sigma_data: float
    parameterization: Parameterization

    def coefficients(self, sigma: Tensor) -> Coefficients:
        """Return the four coefficients at noise level ``sigma``, of any shape (EDM, table 1)."""
        total = sigma**2 + self.sigma_data**2
        c_in, c_noise = total.rsqrt(), sigma.log() / 4
        if self.parameterization == "x0":
            return Coefficients(
                torch.zeros_like(sigma), torch.full_like(sigma, self.sigma_data), c_in, c_noise
            )
        return Coefficients(
            self.sigma_data**2 / total, sigma * self.sigma_data * total.rsqrt(), c_in, c_noise
        )


def denoise(
    network: RawNetwork, x: Tensor, concat: Tensor, sigma: Tensor, preconditioning: Preconditioning
) -> Tensor:
    """Return the denoiser's estimate of the clean signal, ``D(x; sigma)``.

    Args:
        network: The raw network. It is handed float32 and casts to its own dtype.
        x: Noisy signal, ``[B, 3, h, w]``, float32.
        concat: The upscaled picture that the network sees beside it, the same shape.
        sigma: Noise level of each picture, ``[B]``, float32.
        preconditioning: How F becomes D.

    Returns:
        ``[B, 3, h, w]`` in ``x.dtype``.

    Parity: ``c_in`` scales the upscaled picture too; ``c_skip`` applies to ``x`` alone.
    """
    c = preconditioning.coefficients(sigma)
    inputs = _per_picture(c.c_in) * torch.cat((x, concat), dim=1)
    out = network(inputs, c.c_noise).to(x.dtype)
    return _per_picture(c.c_skip) * x + _per_picture(c.c_out) * out


def _per_picture(coefficient: Tensor) -> Tensor:
    """Shape ``[B]`` to ``[B, 1, 1, 1]``."""
    return coefficient[:, None, None, None]
