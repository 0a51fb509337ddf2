"""The network as a whole: how it starts, and that all of it is used."""

from dataclasses import replace

import pytest
import torch

from infdit_cli.geometry import BlockIndex
from infdit_cli.model import InfDiT, LRWindow
from support.golden import random_weights
from support.tiny_models import TINY, TINY_REFINER

CONFIGS = {"picture": TINY, "refiner": TINY_REFINER}


def arguments(config, dtype=torch.float32):
    """Inputs for 2 x 3 blocks in a batch of 2: (positional, keyword)."""
    generator = torch.Generator().manual_seed(0)
    height, width = 2 * config.block_px, 3 * config.block_px
    inputs = torch.randn(2, 6, height, width, generator=generator)
    lr = torch.randn(
        2, config.lr_channels, height // config.scale, width // config.scale, generator=generator
    )
    vector = torch.randn(2, config.vector_dim, generator=generator) if config.vector_dim else None
    levels = torch.tensor([0.3, -0.5])
    return (inputs.to(dtype), levels, LRWindow(lr.to(dtype))), {"vector": vector}


@pytest.mark.parametrize("config", CONFIGS.values(), ids=CONFIGS)
def test_an_untrained_network_gives_zero(config):
    positional, keyword = arguments(config)
    out = InfDiT(config)(*positional, **keyword)
    assert out.shape == (2, 3, 2 * config.block_px, 3 * config.block_px)
    assert not out.any()


@pytest.mark.parametrize("config", CONFIGS.values(), ids=CONFIGS)
def test_every_parameter_influences_the_output(config):
    model = random_weights(InfDiT(config))
    positional, keyword = arguments(config)
    model(*positional, **keyword).square().sum().backward()
    unused = [name for name, each in model.named_parameters() if each.grad is None or not each.grad.any()]
    assert unused == []


def test_an_untrained_network_can_learn():
    model = InfDiT(TINY)
    positional, keyword = arguments(TINY)
    (model(*positional, **keyword) - 1).square().mean().backward()
    assert model.final.linear.weight.grad.abs().max() > 1e-4


def test_positions_and_slot_vectors_start_small_but_not_at_zero():
    model = InfDiT(replace(TINY, hidden_size=128))
    learned = [model.layers[1].attention.slot_vectors, model.layers[0].nearby_lr.key_positions]
    assert all(0.015 < each.std().item() < 0.025 for each in learned)


def test_the_first_layer_alone_looks_at_the_lr_picture():
    layers = InfDiT(TINY).layers
    assert layers[0].nearby_lr is not None
    assert layers[0].mlp_norm.weight is not None
    assert layers[1].nearby_lr is None
    assert layers[1].mlp_norm.weight is None


@torch.no_grad()
def test_blocks_below_and_to_the_right_have_no_influence():
    model = random_weights(InfDiT(TINY))
    (inputs, levels, lr), keyword = arguments(TINY)
    before = model(inputs, levels, lr, **keyword)
    inputs[..., TINY.block_px :, TINY.block_px : 2 * TINY.block_px] += 1
    changed = (model(inputs, levels, lr, **keyword) - before).abs() > 1e-4
    by_block = changed.unflatten(2, (2, -1)).unflatten(4, (3, -1)).amax(dim=(0, 1, 3, 5))
    assert by_block.tolist() == [[False, False, False], [False, True, True]]


@torch.no_grad()
def test_the_origin_decides_where_positions_start_over():
    # Rotary positions show distances alone; only where they start over do two places differ.
    model = random_weights(InfDiT(replace(TINY, rope_table_tokens=6)))
    positional, keyword = arguments(TINY)
    here, there = (model(*positional, **keyword, origin=BlockIndex(0, col)) for col in (0, 1))
    assert (here - there).abs().max() > 1e-4


@torch.no_grad()
def test_bfloat16_stays_near_float32():
    model = random_weights(InfDiT(TINY))
    exact_in, keyword = arguments(TINY)
    half_in, _ = arguments(TINY, torch.bfloat16)
    exact = model(*exact_in, **keyword)
    half = model.bfloat16()(*half_in, **keyword)
    assert half.dtype == torch.bfloat16
    assert (half.float() - exact).square().mean().sqrt() < 0.05 * exact.std()
