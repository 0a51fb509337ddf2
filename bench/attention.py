"""Ways to compute block attention: what the package does, and what reads the four blocks where they lie.

    python bench/attention.py --model inf-dit --device cuda --dtype bfloat16

One layer of a whole picture of so many blocks, from made-up numbers. ``gathered`` is the package's own way:
keys and values of four blocks are copied for each one. ``merged`` attends to one of the four after the other,
and merges the results by their log-sum-exp. ``flex`` is FlexAttention, compiled, with the four as block mask.
To both of them a slot vector p is a bias q.p, since q.(k + p) = q.k + q.p. Their layouts of keys and values,
which a projection could write as well as the package's, are made before anything is timed.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from einops import rearrange
from torch import Tensor
from torch.nn.attention.flex_attention import BlockMask, flex_attention

from infdit_cli.config import ModelConfig
from infdit_cli.model.attention import attend
from infdit_cli.model.neighbours import KV, NO_HALO, gather_slots
from side_by_side import SIZES, Job, arguments, compare

# How far up and to the left the four blocks lie, in the order of their slots.
OFFSETS = ((0, 0), (1, 1), (0, 1), (1, 0))


class Case(NamedTuple):
    """What attention is given.

    Args:
        q: Queries, ``[1, n, m, H, T, D]``.
        kv: Keys and values, of the same shape.
        slot_vectors: ``[4, H, D]``.
    """

    q: Tensor
    kv: KV
    slot_vectors: Tensor


def random_case(config: ModelConfig, blocks: int, *, device: torch.device, dtype: torch.dtype) -> Case:
    """Return standard normal numbers for a square of ``blocks`` x ``blocks``."""
    generator = torch.Generator().manual_seed(0)
    heads, tokens, width = config.num_heads, config.block_tokens, config.head_dim

    def normal(*shape: int) -> Tensor:
        return torch.randn(shape, generator=generator).to(device, dtype)

    q, k, v = (normal(1, blocks, blocks, heads, tokens, width) for _ in range(3))
    return Case(q, KV(k, v), normal(len(OFFSETS), heads, width))


def gathered(case: Case) -> Job:
    """Copy what each block reads, and attend to all of it at once."""
    return lambda: attend(case.q, *gather_slots(case.kv, NO_HALO, case.slot_vectors))


def merged(case: Case) -> Job:
    """Attend to one slot after the other, a row of blocks at a time, and merge them."""
    keys, values = (_framed(part)[0] for part in case.kv)
    rows, columns = case.q.shape[1:3]

    def one_slot(q: Tensor, bias: Tensor, row: int, slot: int) -> tuple[Tensor, Tensor]:
        up, left = OFFSETS[slot]
        place = (row + 1 - up, slice(1 - left, 1 - left + columns))
        out, log_sum = attend_with_sum(q, keys[place], values[place])
        return out, log_sum + bias[:, slot]

    def one_row(bias: Tensor, row: int) -> Tensor:
        parts = [one_slot(case.q[0, row], bias[row], row, slot) for slot in range(len(OFFSETS))]
        outs, log_sums = (torch.stack(each) for each in zip(*parts, strict=True))
        shares = log_sums.softmax(dim=0).unsqueeze(-1)
        return (outs * shares).sum(dim=0).to(case.q.dtype)

    def job() -> Tensor:
        bias = slot_bias(case)[0]
        return torch.stack([one_row(bias, row) for row in range(rows)]).unsqueeze(0)

    return job


def flex(case: Case) -> Job:
    """Attend to the four blocks through a block mask; uncompiled it would not look at which they are."""
    attention = torch.compile(flex_attention, dynamic=False)
    rows, columns, _, tokens = case.q.shape[1:5]
    keys, values = (rearrange(_framed(part), "b n m h t d -> b h (n m t) d").contiguous() for part in case.kv)
    mask = _four_blocks(rows, columns, tokens, case.q.device)
    slots = torch.tensor([[OFFSETS.index((up, left)) for left in (0, 1)] for up in (0, 1)])
    slots = slots.to(case.q.device)

    def job() -> Tensor:
        bias = rearrange(slot_bias(case)[0], "n m slot h t -> h (n m t) slot").contiguous()

        def add_bias(score: Tensor, _: Tensor, head: Tensor, query: Tensor, key: Tensor) -> Tensor:
            at, block = query // tokens, key // tokens
            up = at // columns + 1 - block // (columns + 1)
            left = at % columns + 1 - block % (columns + 1)
            return score + bias[head, query, slots[up, left]]

        queries = rearrange(case.q, "b n m h t d -> b h (n m t) d")
        out = attention(queries, keys, values, score_mod=add_bias, block_mask=mask)
        by_block: Tensor = rearrange(out, "b h (n m t) d -> b n m h t d", n=rows, m=columns)
        return by_block

    return job


def slot_bias(case: Case) -> Tensor:
    """Return what a slot adds to the scores of a query, ``[1, n, m, 4, H, T]``, float32."""
    scale = case.q.shape[-1] ** -0.5
    bias: Tensor = torch.einsum("bnmhtd,shd->bnmsht", case.q.float(), case.slot_vectors.float()) * scale
    return bias


def attend_with_sum(q: Tensor, k: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
    """Return attention, and the logarithm of what each query's scores sum to, ``[m, H, T]``.

    Torch has no public function for both, so this calls the kernels behind its attention.
    """
    kernels = torch.ops.aten
    if q.device.type == "cpu":
        out, log_sum = kernels._scaled_dot_product_flash_attention_for_cpu(q, k, v)
    elif q.dtype == torch.float32:
        out, log_sum, *_ = kernels._scaled_dot_product_efficient_attention(
            q, k, v, attn_bias=None, compute_log_sumexp=True
        )
    else:
        out, log_sum, *_ = kernels._scaled_dot_product_flash_attention(q, k, v)
    return out, log_sum[..., : q.shape[-2]].float()  # some kernels round their number up


def _framed(part: Tensor) -> Tensor:
    """Repeat the first row and the first column of blocks, as neighbours of those at the border."""
    framed = torch.cat((part[:, :1], part), dim=1)
    return torch.cat((framed[:, :, :1], framed), dim=2)


def _four_blocks(rows: int, columns: int, tokens: int, device: torch.device) -> BlockMask:
    """Name the blocks that each one reads in the framed picture, all of them whole."""
    row, column = torch.arange(rows).view(-1, 1), torch.arange(columns).view(1, -1)
    read = [(row + 1 - up) * (columns + 1) + column + 1 - left for up, left in OFFSETS]
    num_keys = (rows + 1) * (columns + 1)
    indices = torch.zeros(1, 1, rows * columns, num_keys, dtype=torch.int32, device=device)
    indices[..., : len(OFFSETS)] = torch.stack(read, dim=-1).view(-1, len(OFFSETS))
    return BlockMask.from_kv_blocks(
        torch.zeros_like(indices[..., 0]),
        torch.zeros_like(indices),
        torch.full_like(indices[..., 0], len(OFFSETS)),
        indices,
        BLOCK_SIZE=tokens,
        seq_lengths=(rows * columns * tokens, num_keys * tokens),
        compute_q_blocks=False,
    )


def main() -> None:
    """Compare the ways on what the command line asks for."""
    given = arguments(__doc__)
    case = random_case(SIZES[given.model], given.blocks, device=given.device, dtype=given.dtype)
    compare({"gathered": gathered(case), "merged": merged(case), "flex": flex(case)}, given)


if __name__ == "__main__":
    main()
