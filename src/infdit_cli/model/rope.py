"""Rotary positions over the whole picture (RoFormer, arXiv 2104.09864), one half of a head per axis."""

from typing import NamedTuple

import torch
from einops import repeat
from torch import Tensor

from infdit_cli.config import ModelConfig
from infdit_cli.geometry import BlockIndex

# RoFormer, section 3.2.2, and the original.
ROPE_BASE = 10_000.0


class Rotation(NamedTuple):
    """Cosines and sines of every token's angles, ``[n, m, 1, T, D / 2]`` each; the 1 stands for heads."""

    cos: Tensor
    sin: Tensor


def rotation(config: ModelConfig, grid: tuple[int, int], origin: BlockIndex, like: Tensor) -> Rotation:
    """Return the rotation of each token in a rectangle of blocks.

    Args:
        config: Head width, block side and table length.
        grid: Blocks down and across, ``(n, m)``.
        origin: Place of the first block in the picture; positions count from the picture's corner.
        like: Its device and dtype are taken; angles are float32 before, whatever it is.

    Returns:
        The first half of the last axis turns by the token's row, the second by its column.

    Parity: positions are modulo ``rope_table_tokens``, so they start over beyond that many tokens.
    """
    side = config.block_side_tokens
    rows = _axis_angles(config, origin.row * side, grid[0] * side, like.device)
    cols = _axis_angles(config, origin.col * side, grid[1] * side, like.device)
    by_row = repeat(rows, "(n i) f -> n m 1 (i j) f", i=side, j=side, m=grid[1])
    by_col = repeat(cols, "(m j) f -> n m 1 (i j) f", i=side, j=side, n=grid[0])
    angles = torch.cat((by_row, by_col), dim=-1)
    return Rotation(angles.cos().to(like.dtype), angles.sin().to(like.dtype))


def rotate(x: Tensor, by: Rotation) -> Tensor:
    """Turn neighbouring pairs: ``(a, b)`` to ``(a cos - b sin, b cos + a sin)``.

    Args:
        x: Queries or keys, ``[B, n, m, H, T, D]``.
        by: The tokens' rotation.

    Returns:
        The shape and dtype of ``x``.
    """
    if x.device.type == "cpu" and x.dtype == torch.float32:
        # Complex numbers turn in one pass, twelve times as fast; there are none of 16 bits.
        pairs = torch.view_as_complex(x.view(*x.shape[:-1], -1, 2))
        return torch.view_as_real(pairs * torch.complex(by.cos, by.sin)).flatten(-2)
    a, b = x[..., 0::2], x[..., 1::2]
    turned = (a * by.cos - b * by.sin, b * by.cos + a * by.sin)
    return torch.stack(turned, dim=-1).flatten(-2)


def _axis_angles(config: ModelConfig, start: int, num_tokens: int, device: torch.device) -> Tensor:
    """Return the angles along one axis, ``[num_tokens, D / 4]``, float32."""
    positions = torch.arange(start, start + num_tokens, device=device) % config.rope_table_tokens
    exponents = torch.arange(0, config.head_dim, 4, device=device, dtype=torch.float32) / config.head_dim
    return positions[:, None] * ROPE_BASE**-exponents
