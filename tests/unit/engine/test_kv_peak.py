"""What a plan may promise about the bytes of keys and values."""

import pytest

from infdit_cli.config import VisitOrder
from infdit_cli.geometry import Size
from infdit_cli.plan import kv_blocks
from support.kv_peak import peak_kv_blocks
from support.pipelines import IMAGE, Places, random_lr, random_network, run_upscaler, sampler_config
from support.recorded_stores import recorded_stores

# Of few tokens and without a base: what is counted is blocks.
CONFIG = IMAGE.from_dict(IMAGE.to_dict() | {"hidden_size": 16, "block_px": 8})
BLOCK_BYTES = CONFIG.num_layers * 2 * CONFIG.block_tokens * CONFIG.hidden_size * 4
NETWORK = random_network(CONFIG)
GRIDS = [(1, 1), (1, 5), (5, 1), (4, 5), (3, 7), (5, 2)]
SUPER_BLOCKS = [(1, 1), (1, 2), (2, 1), (2, 2), (3, 2), (2, 99), (99, 2), (99, 99)]


@pytest.mark.parametrize("order", ["step", "block"])
@pytest.mark.parametrize("super_block", SUPER_BLOCKS, ids=str)
def test_the_peak_of_a_run_is_the_count(monkeypatch, super_block: tuple[int, int], order: VisitOrder):
    for grid in GRIDS:
        stores = recorded_stores(monkeypatch)
        lr = random_lr(*(side * CONFIG.block_lr_px for side in grid))
        run_upscaler(NETWORK, sampler_config(CONFIG, 3), lr, order=order, super_block=super_block)
        blocks = peak_kv_blocks(Size(*grid), super_block, num_evaluations=3, order=order)
        assert stores[0].peak_bytes == blocks * BLOCK_BYTES, f"{grid} blocks"
        assert stores[0].left_bytes == 0
        monkeypatch.undo()


@pytest.mark.parametrize("place", ["host", "disk"])
def test_every_place_holds_the_same_bytes(monkeypatch, tmp_path, place):
    stores = recorded_stores(monkeypatch)
    run_upscaler(
        NETWORK,
        sampler_config(CONFIG, 2),
        random_lr(*(side * CONFIG.block_lr_px for side in (4, 5))),
        order="block",
        super_block=(2, 2),
        places=Places(kv=place),
        scratch=tmp_path,
    )
    blocks = peak_kv_blocks(Size(4, 5), (2, 2), num_evaluations=2, order="block")
    assert stores[0].peak_bytes == blocks * BLOCK_BYTES


@pytest.mark.parametrize("order", ["step", "block"])
def test_the_count_stays_below_its_closed_form(order: VisitOrder):
    for height in range(1, 9):
        for width in range(1, 9):
            for n in range(1, height + 1):
                for m in range(1, width + 1):
                    grid, super_block = Size(height, width), Size(n, m)
                    counted = peak_kv_blocks(grid, super_block, num_evaluations=4, order=order)
                    resting, working = kv_blocks(grid, super_block)
                    assert counted <= working + (3 * resting if order == "block" else 0)
