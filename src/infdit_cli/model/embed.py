"""Ways into the network: pixels to tokens, noise level and picture vector to one condition."""

import math

import torch
from einops import rearrange
from torch import Tensor, nn

from infdit_cli.config import INPUT_CHANNELS, ModelConfig

TIME_BASE = 10_000.0


class TokenEmbed(nn.Module):
    """Turns pixels into tokens, and adds the base's features where the model has a base.

    Parity: no absolute positions are added; the original has a table of them that it does not read.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.side = config.block_side_tokens
        self.patches = _squares_to_tokens(INPUT_CHANNELS, config.hidden_size, config.patch_px)
        self.lr_to_tokens = _lr_to_tokens(config) if config.base else None

    def forward(self, inputs: Tensor, lr: Tensor) -> Tensor:
        """Return tokens ``[B, n, m, T, d]``.

        Args:
            inputs: ``c_in`` times noisy and upscaled picture, ``[B, 6, h, w]``, whole blocks.
            lr: The LR condition of the same place, ``[B, C, h / scale, w / scale]``.
        """
        tokens: Tensor = self.patches(inputs)
        if self.lr_to_tokens is not None:
            tokens = tokens + self.lr_to_tokens(lr)
        return rearrange(tokens, "b d (n i) (m j) -> b n m (i j) d", i=self.side, j=self.side)


class ConditionEmbed(nn.Module):
    """Embeds the noise level and, in models that have one, the picture's global vector."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.time_channels = config.time_channels
        self.time = _two_linears(config.time_channels, config.hidden_size)
        self.vector = _two_linears(config.vector_dim, config.hidden_size) if config.vector_dim else None
        self.activation = nn.SiLU()

    def forward(self, c_noise: Tensor, vector: Tensor | None) -> Tensor:
        """Return the condition ``[B, d]``.

        Args:
            c_noise: ``ln(sigma) / 4``, ``[B]``.
            vector: Global vector, ``[B, vector_dim]``; ``None`` in models without one.

        Parity: the SiLU at the end is followed by another at the start of each modulation.
        """
        features = time_features(c_noise, self.time_channels).to(next(self.parameters()).dtype)
        embedded: Tensor = self.time(features)
        if self.vector is not None:
            if vector is None:
                raise ValueError("this model needs the picture's vector")
            embedded = embedded + self.vector(vector.to(features.dtype))
        condition: Tensor = self.activation(embedded)
        return condition


def time_features(c_noise: Tensor, num_channels: int) -> Tensor:
    """Return sinusoidal features of the noise level, ``[B, num_channels]``, float32.

    Args:
        c_noise: ``ln(sigma) / 4``, ``[B]``.
        num_channels: Length of the result: cosines first, then sines.

    Parity: frequencies ``10000^(-m / half)``, so the last is a little above ``1 / 10000``.
    """
    half = num_channels // 2
    steps = torch.arange(half, device=c_noise.device, dtype=torch.float32)
    angles = c_noise.float()[:, None] * torch.exp(-math.log(TIME_BASE) * steps / half)
    return torch.cat((angles.cos(), angles.sin()), dim=-1)


def _squares_to_tokens(channels: int, hidden_size: int, side_px: int) -> nn.Conv2d:
    """Return the linear map from squares of pixels to tokens."""
    return nn.Conv2d(channels, hidden_size, kernel_size=side_px, stride=side_px)


def _lr_to_tokens(config: ModelConfig) -> nn.Conv2d:
    """Return the map from the LR features behind one patch to its token."""
    return _squares_to_tokens(config.lr_channels, config.hidden_size, config.patch_px // config.scale)


def _two_linears(width_in: int, width_out: int) -> nn.Sequential:
    """Return linear, SiLU, linear."""
    return nn.Sequential(nn.Linear(width_in, width_out), nn.SiLU(), nn.Linear(width_out, width_out))
