"""The operations that are counted from a model's sizes against those that torch sees it do."""

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from infdit_cli.geometry import Size
from infdit_cli.model import Base, InfDiT, LRWindow
from infdit_cli.plan import base_flops, evaluation_flops, picture_flops
from support.tiny_models import TINY, TINY_REFINER

META = torch.device("meta")


def seen(module, *inputs, **options):
    """Return what torch's own counter sees a module do on the meta device."""
    with FlopCounterMode(display=False) as counter, torch.inference_mode():
        module(*inputs, **options)
    return counter.get_total_flops()


@pytest.mark.parametrize("config", [TINY, TINY_REFINER], ids=["predicts the picture", "refines a base"])
@pytest.mark.parametrize("grid", [Size(1, 1), Size(2, 3), Size(5, 4)], ids=str)
def test_an_evaluation_is_what_torch_counts(config, grid):
    with META:
        network = InfDiT(config).eval()
        inputs = torch.zeros(1, 6, *grid.scaled(config.block_px))
        lr = LRWindow(torch.zeros(1, config.lr_channels, *grid.scaled(config.block_lr_px)))
        vector = torch.zeros(1, config.vector_dim) if config.vector_dim else None
        noise = torch.zeros(1)
    assert evaluation_flops(config, grid) == seen(network, inputs, noise, lr, vector=vector)


def test_the_base_is_what_torch_counts():
    config, lr = TINY_REFINER, Size(8, 12)
    with META:
        base, picture = Base(config.base, config.scale), torch.zeros(1, 3, *lr)
    assert base_flops(config.base, lr, config.scale) == seen(base, picture)


def test_a_picture_is_the_base_once_and_every_evaluation():
    grid = Size(2, 3)
    alone = picture_flops(TINY_REFINER, grid, 0)
    assert alone == base_flops(TINY_REFINER.base, grid.scaled(TINY_REFINER.block_lr_px), TINY_REFINER.scale)
    assert picture_flops(TINY_REFINER, grid, 3) == alone + 3 * evaluation_flops(TINY_REFINER, grid)
    assert picture_flops(TINY, grid, 2) == 2 * evaluation_flops(TINY, grid)
