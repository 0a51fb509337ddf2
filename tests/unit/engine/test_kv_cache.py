"""What the cache holds, and for how long."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from infdit_cli.engine.kv_cache import KVCache
from infdit_cli.engine.stores import DeviceStore
from infdit_cli.geometry import BlockIndex, Rect, Size
from infdit_cli.model import KV
from infdit_cli.plan import super_blocks

LAYERS = 2
BLOCK_BYTES = LAYERS * 2 * 8  # K and V of one integer each


def _walk(cache: KVCache, blocks: Rect) -> None:
    """Compute a super-block whose K/V spell each block's own coordinates."""
    memory = cache.window(blocks)
    for layer in range(LAYERS):
        _check_halo(memory.halo(layer), blocks)
        rows = torch.arange(blocks.top, blocks.bottom).view(1, -1, 1, 1, 1, 1)
        cols = torch.arange(blocks.left, blocks.right).view(1, 1, -1, 1, 1, 1)
        shape = (1, *blocks.size, 1, 1, 1)
        memory.keep(layer, KV(rows.expand(shape), cols.expand(shape)))
    memory.close()


def _check_halo(halo, blocks: Rect) -> None:
    assert (halo.above is None) == (blocks.top == 0)
    assert (halo.left is None) == (blocks.left == 0)
    assert (halo.corner is None) == (blocks.top == 0 or blocks.left == 0)
    if halo.above:
        assert halo.above.k.flatten().tolist() == [blocks.top - 1] * blocks.size.width
        assert halo.above.v.flatten().tolist() == list(range(blocks.left, blocks.right))
    if halo.left:
        assert halo.left.k.flatten().tolist() == list(range(blocks.top, blocks.bottom))
        assert halo.left.v.flatten().tolist() == [blocks.left - 1] * blocks.size.height
    if halo.corner:
        assert (halo.corner.k.item(), halo.corner.v.item()) == (blocks.top - 1, blocks.left - 1)


@given(st.integers(1, 7), st.integers(1, 7), st.integers(1, 4), st.integers(1, 4))
def test_every_super_block_finds_its_neighbours_and_the_end_finds_an_empty_cache(height, width, rows, cols):
    store = DeviceStore()
    cache = KVCache(Size(height, width), store)
    for blocks in super_blocks(Size(height, width), Size(rows, cols)):
        _walk(cache, blocks)
        # One row of blocks, the column inside the current band, and the corner it still needs.
        assert store.nbytes <= (width + rows) * BLOCK_BYTES
    assert store.nbytes == 0


def test_the_cache_holds_one_row_and_one_block():
    store = DeviceStore()
    cache = KVCache(Size(3, 4), store)
    kv = KV(torch.zeros(1, 1, 1, 2, 5, 3), torch.zeros(1, 1, 1, 2, 5, 3))
    most = 0
    for blocks in super_blocks(Size(3, 4), Size(1, 1)):
        memory = cache.window(blocks)
        memory.halo(0)
        memory.keep(0, kv)
        most = max(most, store.nbytes)
        memory.close()
    assert most == (4 + 2) * 2 * kv.k.nbytes


def test_a_kept_block_does_not_keep_its_super_block_alive():
    cache = KVCache(Size(4, 4), DeviceStore())
    memory = cache.window(Rect(0, 0, 2, 2))
    memory.keep(0, KV(torch.zeros(1, 2, 2, 1, 8, 8), torch.zeros(1, 2, 2, 1, 8, 8)))
    kept = cache.read(BlockIndex(1, 1), 0)
    assert kept.k.untyped_storage().nbytes() == kept.k.nbytes


def test_a_schedule_that_skips_a_neighbour_is_told_so():
    cache = KVCache(Size(2, 2), DeviceStore())
    with pytest.raises(LookupError, match="not held"):
        cache.window(Rect(1, 0, 2, 1)).halo(0)
