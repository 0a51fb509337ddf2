"""Noise as a function of place: order, batch, crop, device and resume cannot change a pixel."""

import numpy as np
import torch
from einops import rearrange
from torch import Tensor

from infdit_cli.geometry import BlockIndex, Rect
from infdit_cli.seeds import natural


def block_noise(seed: int, block: BlockIndex, *, channels: int, block_px: int) -> Tensor:
    """Return the noise of one block.

    Args:
        seed: Any integer, however large, negative or not.
        block: The block's place in the picture; rows and columns from 0.
        channels: Channels of the result.
        block_px: Side of the block.

    Returns:
        ``[channels, block_px, block_px]``, standard normal, float32, on the CPU.
    """
    # The counter's low words count draws and its high words hold the place, so no two blocks overlap.
    key = np.random.SeedSequence(natural(seed)).generate_state(2, np.uint64)
    bits = np.random.Philox(key=key, counter=[0, 0, block.col, block.row])
    shape = (channels, block_px, block_px)
    return torch.from_numpy(np.random.Generator(bits).standard_normal(shape, dtype=np.float32))


def canvas_noise(seed: int, rect: Rect, *, channels: int, block_px: int) -> Tensor:
    """Return the noise of a rectangle of blocks.

    Args:
        seed: Any integer.
        rect: Rows and columns of blocks in the picture's grid.
        channels: Channels of the result.
        block_px: Side of a block.

    Returns:
        ``[1, channels, h, w]``, float32, on the CPU.
    """
    blocks = [block_noise(seed, block, channels=channels, block_px=block_px) for block in rect.blocks()]
    return rearrange(torch.stack(blocks), "(n m) c h w -> 1 c (n h) (m w)", n=rect.size.height)
