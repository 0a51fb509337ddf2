"""The planned bytes of an evaluation against every tensor that is alive in one, on the meta device."""

from contextlib import nullcontext
from dataclasses import replace

import pytest
import torch

from infdit_cli.engine.denoiser import Denoiser, DenoiserInput
from infdit_cli.engine.kv_cache import KVCache
from infdit_cli.engine.stores import make_store
from infdit_cli.geometry import BlockIndex, Size
from infdit_cli.model import InfDiT, LRWindow, Margins, row_chunks
from infdit_cli.plan import super_blocks
from infdit_cli.plan.activations import activation_bytes
from support import real_sizes
from support.live_bytes import LiveBytes

META = torch.device("meta")
COMPACT = replace(real_sizes.COMPACT, num_layers=2)
RELEASED = replace(real_sizes.RELEASED, num_layers=2)
# A plan may promise a little too much, but hardly ever too little: part of what is really held.
LEAST, MOST = 0.96, 1.13


def live_bytes(config, super_block, dtype):
    """Return the peak of a super-block in the middle of a picture, its own picture included.

    Not counted are the K/V that it leaves.
    """
    with META:
        network = InfDiT(config).to(dtype).eval().requires_grad_(False)
    vector = torch.zeros(1, config.vector_dim, device=META) if config.vector_dim else None
    denoiser, grid = (
        Denoiser(network, config, vector=vector),
        Size(super_block.height * 3, super_block.width * 3),
    )
    store = make_store("device", META)
    cache = KVCache(grid, store)
    for blocks in super_blocks(grid, super_block):
        is_middle = (blocks.top, blocks.left) == super_block
        memory, before = cache.window(blocks), store.nbytes
        with LiveBytes() if is_middle else nullcontext() as live, torch.inference_mode():
            given = _given(config, blocks, memory, grid)
            denoiser(given, 1.0)
        kept = store.nbytes - before
        memory.close()
        if is_middle:
            return live.peak - kept
    raise AssertionError("no super-block in the middle")


def _given(config, blocks, memory, grid):
    window = blocks.grown(1).within(grid)
    margins = Margins(
        blocks.top - window.top,
        blocks.left - window.left,
        window.bottom - blocks.bottom,
        window.right - blocks.right,
    )
    lr = torch.zeros(1, config.lr_channels, *window.size.scaled(config.block_lr_px), device=META)
    x, concat = torch.zeros(2, 1, 3, *blocks.size.scaled(config.block_px), device=META).unbind()
    return DenoiserInput(x, concat, LRWindow(lr, margins), BlockIndex(blocks.top, blocks.left), memory)


@pytest.mark.parametrize("chunk_tokens", [1024, 8192])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16], ids=str)
@pytest.mark.parametrize(
    ("config", "sizes"),
    [
        (COMPACT, [(1, 1), (1, 2), (2, 2), (2, 4), (4, 4), (4, 8), (8, 8), (1, 64), (12, 12)]),
        (RELEASED, [(1, 1), (1, 2), (2, 2), (2, 4), (4, 4), (8, 8)]),
    ],
    ids=["compact", "released"],
)
def test_what_is_planned_for_an_evaluation_is_what_it_holds(monkeypatch, config, sizes, dtype, chunk_tokens):
    monkeypatch.setattr(row_chunks, "GPU_CHUNK_TOKENS", chunk_tokens)
    for super_block in (Size(*each) for each in sizes):
        planned = activation_bytes(config, super_block, dtype_bytes=dtype.itemsize, chunk_tokens=chunk_tokens)
        ratio = planned / live_bytes(config, super_block, dtype)
        assert LEAST <= ratio <= MOST, f"{super_block}: {ratio:.3f}"
