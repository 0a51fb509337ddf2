"""Nearby-LR cross attention: each block looks at the LR picture around it, one block of margin wide."""

from typing import NamedTuple

import torch
from einops import rearrange
from torch import Tensor, nn
from torch.nn import functional as F

from infdit_cli.config import LR_WINDOW_BLOCKS, ModelConfig
from infdit_cli.model.attention import attend
from infdit_cli.model.modulation import Norm, weighted_norm
from infdit_cli.model.neighbours import KV
from infdit_cli.model.row_chunks import by_rows


class Margins(NamedTuple):
    """Blocks of margin present on each side of a window: 1 where the picture goes on, 0 where it ends."""

    top: int = 0
    left: int = 0
    bottom: int = 0
    right: int = 0


class LRWindow(NamedTuple):
    """LR condition of a super-block, with one block of margin where the picture goes on.

    Args:
        pixels: ``[B, C, h, w]``, ``C = config.lr_channels``, whole blocks of ``config.block_lr_px``.
        margins: Blocks of margin that ``pixels`` has on each side.
    """

    pixels: Tensor
    margins: Margins = Margins()

    def inside(self, block_lr_px: int) -> Tensor:
        """Return the super-block's own pixels, without margins."""
        top, left, bottom, right = (margin * block_lr_px for margin in self.margins)
        height, width = self.pixels.shape[-2:]
        return self.pixels[..., top : height - bottom, left : width - right]


class NearbyLR(nn.Module):
    """Cross attention from a block's tokens to the 3 x 3 blocks of LR tokens centred on it."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        d, head_shape = config.hidden_size, (config.num_heads, config.head_dim)
        self.num_heads = config.num_heads
        self.side = config.block_lr_tokens
        self.to_tokens = nn.Conv2d(config.lr_channels, d, config.lr_patch_px, stride=config.lr_patch_px)
        self.query = nn.Linear(d, d)
        self.key_value = nn.Linear(d, 2 * d)
        self.query_norm = weighted_norm(config.head_dim)
        self.key_norm = weighted_norm(config.head_dim)
        self.query_positions = nn.Parameter(torch.empty(config.block_tokens, *head_shape))
        self.key_positions = nn.Parameter(torch.empty((LR_WINDOW_BLOCKS * self.side) ** 2, *head_shape))
        self.out = nn.Linear(d, d)

    def forward(self, x: Tensor, norm: Norm, lr: LRWindow) -> Tensor:
        """Attend from every block to the LR picture around it.

        Args:
            x: Tokens, ``[B, n, m, T, d]``.
            norm: Normalises them; nothing modulates them.
            lr: The LR condition of these blocks.

        Returns:
            ``x + attention(norm(x), lr)``, ``[B, n, m, T, d]``.
        """
        k, v = self.project(self.tokens(lr))

        def mixed(rows: slice) -> Tensor:
            reach = slice(rows.start * self.side, (rows.stop + LR_WINDOW_BLOCKS - 1) * self.side)
            seen = attend(self.queries(norm(x[:, rows])), *self.keys_values(KV(k[:, reach], v[:, reach])))
            added: Tensor = self.out(rearrange(seen, "b n m h t d -> b n m t (h d)"))
            return x[:, rows] + added

        return by_rows(mixed, x)

    def tokens(self, lr: LRWindow) -> Tensor:
        """Return the LR tokens with a full margin, ``[B, (n + 2) side, (m + 2) side, d]``.

        Parity: outside the picture the *projected* tokens are zero, and they are not masked.
        """
        top, left, bottom, right = ((1 - margin) * self.side for margin in lr.margins)
        padded = F.pad(self.to_tokens(lr.pixels), (left, right, top, bottom))
        return rearrange(padded, "b d h w -> b h w d")

    def queries(self, x: Tensor) -> Tensor:
        """Return queries ``[B, n, m, H, T, D]``, normalised, with their learned positions."""
        heads = rearrange(self.query(x), "b n m t (h d) -> b n m t h d", h=self.num_heads)
        q: Tensor = self.query_norm(heads) + self.query_positions
        return rearrange(q, "b n m t h d -> b n m h t d")

    def project(self, tokens: Tensor) -> KV:
        """Return the keys, normalised, and values of LR tokens ``[B, h, w, d]``: ``[B, h, w, H, D]``.

        Parity: nothing is added to the values.
        """
        kv = rearrange(self.key_value(tokens), "b h w (two n d) -> two b h w n d", two=2, n=self.num_heads)
        # A view of the values would keep the keys alive as they were before the norm.
        return KV(self.key_norm(kv[0]), kv[1].contiguous())

    def keys_values(self, projected: KV) -> KV:
        """Return what each block sees, the keys with learned positions: ``[B, n, m, H, 9 side², D]``.

        Args:
            projected: Keys and values with a full margin, ``[B, (n + 2) side, (m + 2) side, H, D]``;
                each token is projected once although nine blocks see it.
        """
        keys = self.windows(projected.k).add_(self.key_positions)
        values = self.windows(projected.v)
        return KV(*(rearrange(part, "b n m s h d -> b n m h s d") for part in (keys, values)))

    def windows(self, tokens: Tensor) -> Tensor:
        """Copy the 3 x 3 blocks around each block, row-major.

        Args:
            tokens: ``[B, (n + 2) side, (m + 2) side, ...]``.

        Returns:
            ``[B, n, m, 9 side², ...]``.
        """
        reach = LR_WINDOW_BLOCKS * self.side
        cut = tokens.unfold(1, reach, self.side).unfold(2, reach, self.side)
        windows = rearrange(cut, "b n m ... i j -> b n m i j ...")
        return windows.clone(memory_format=torch.contiguous_format).flatten(3, 4)
