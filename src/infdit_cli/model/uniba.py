"""Unidirectional block attention (UniBA; Inf-DiT, arXiv 2405.04312, section 3)."""

import torch
from einops import rearrange
from torch import Tensor, nn

from infdit_cli.config import NUM_SLOTS, ModelConfig
from infdit_cli.model.attention import attend
from infdit_cli.model.modulation import Norm, weighted_norm
from infdit_cli.model.neighbours import KV, NO_HALO, BlockMemory, Halo, gather_slots, in_rows
from infdit_cli.model.rope import Rotation, rotate
from infdit_cli.model.row_chunks import all_by_rows, by_rows


class UniBA(nn.Module):
    """Self attention of one layer.

    Args:
        config: The model's sizes.
        layer: The layer's number, from 0: its address in a block memory.
    """

    def __init__(self, config: ModelConfig, layer: int) -> None:
        super().__init__()
        self.layer = layer
        self.num_heads = config.num_heads
        self.qkv = nn.Linear(config.hidden_size, 3 * config.hidden_size)
        # Parity: keys are normalised with the query's norm; the original's k_layer_norm is never read.
        self.qk_norm = weighted_norm(config.head_dim)
        self.slot_vectors = nn.Parameter(torch.empty(NUM_SLOTS, config.num_heads, config.head_dim))
        self.out = nn.Linear(config.hidden_size, config.hidden_size)

    def forward(self, x: Tensor, norm: Norm, rotation: Rotation, memory: BlockMemory | None = None) -> Tensor:
        """Attend from every block to itself and its left-top, left and top neighbours.

        Args:
            x: Tokens, ``[B, n, m, T, d]``.
            norm: Normalises and modulates them.
            rotation: The tokens' rotary positions.
            memory: K/V of the blocks around these; ``None`` when these are the whole picture.

        Returns:
            ``x + attention(norm(x))``, ``[B, n, m, T, d]``.

        Shapes: B batch, n x m blocks, T tokens in a block, d width, H heads, D head width.
        Parity: dit/model.py, AdaLNMixin.attention_forward, direction "lt".
        """
        q, own = self.project(x, norm, rotation)
        halo = memory.halo(self.layer) if memory else NO_HALO
        if memory:
            memory.keep(self.layer, own)
        return by_rows(lambda rows: x[:, rows] + self.mixed(q[:, rows], *in_rows(own, halo, rows)), x)

    def mixed(self, q: Tensor, own: KV, halo: Halo) -> Tensor:
        """Return what the blocks ``own`` read with the queries ``q``, ``[B, n, m, T, d]``."""
        k, v = gather_slots(own, halo, self.slot_vectors)
        out: Tensor = self.out(rearrange(attend(q, k, v), "b n m h t d -> b n m t (h d)"))
        return out

    def project(self, x: Tensor, norm: Norm, rotation: Rotation) -> tuple[Tensor, KV]:
        """Return queries ``[B, n, m, H, T, D]`` and K/V of the same shape; q and k normalised and turned."""

        def projected(rows: slice) -> tuple[Tensor, ...]:
            heads = rearrange(
                self.qkv(norm(x[:, rows])), "b n m t (h d) -> b n m h t d", h=3 * self.num_heads
            )
            q_and_k, v = heads.split((2 * self.num_heads, self.num_heads), dim=3)
            turned = rotate(self.qk_norm(q_and_k), Rotation(rotation.cos[rows], rotation.sin[rows]))
            return (*turned.chunk(2, dim=3), v)

        q, k, v = all_by_rows(projected, x)
        # In one chunk the values are a view that would keep the whole projection alive.
        return q, KV(k, v.contiguous())
