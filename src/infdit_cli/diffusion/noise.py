"""Noise as a function of place: order, batch, crop, device and resume cannot change a pixel."""

import numpy as np
import torch
from einops import rearrange
from numpy.typing import NDArray
from torch import Tensor

from infdit_cli.geometry import BlockIndex, Rect
from infdit_cli.seeds import natural


def canvas_noise(seed: int, rect: Rect, *, channels: int, block_px: int) -> Tensor:
    """Return the noise of a rectangle of blocks.

    Args:
        seed: Any integer, however large, negative or not.
        rect: Rows and columns of blocks in the picture's grid.
        channels: Channels of the result.
        block_px: Side of a block.

    Returns:
        ``[1, channels, h, w]``, standard normal, float32, on the CPU.
    """
    key = np.random.SeedSequence(natural(seed)).generate_state(2, np.uint64)
    noise = np.empty((rect.size.area, channels, block_px, block_px), np.float32)
    for block, values in zip(rect.blocks(), noise, strict=True):
        _generator(key, block).standard_normal(out=values, dtype=np.float32)
    return rearrange(torch.from_numpy(noise), "(n m) c h w -> 1 c (n h) (m w)", n=rect.size.height)


def _generator(key: NDArray[np.uint32 | np.uint64], block: BlockIndex) -> np.random.Generator:
    """Return what draws the noise of a block.

    The counter's low words count draws and its high words hold the place, so no two blocks overlap.
    """
    return np.random.Generator(np.random.Philox(key=key, counter=[0, 0, block.col, block.row]))
