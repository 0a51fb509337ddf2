"""The LR window of a block: three blocks wide, zero tokens where the picture ends."""

import pytest
import torch

from infdit_cli.model import InfDiT, LRWindow, Margins
from support.golden import random_weights
from support.tiny_models import TINY

SIDE = TINY.block_lr_tokens


@pytest.fixture(scope="module")
def nearby():
    return random_weights(InfDiT(TINY)).layers[0].nearby_lr.requires_grad_(requires_grad=False)


def picture(blocks_down, blocks_across):
    shape = (1, 3, blocks_down * TINY.block_lr_px, blocks_across * TINY.block_lr_px)
    return torch.randn(shape, generator=torch.Generator().manual_seed(0))


def test_outside_the_picture_projected_tokens_are_zero(nearby):
    tokens = nearby.tokens(LRWindow(picture(1, 2)))
    assert tokens.shape[1:3] == (3 * SIDE, 4 * SIDE)
    assert not tokens[:, :SIDE].any()
    assert not tokens[:, -SIDE:].any()
    assert not tokens[:, :, :SIDE].any()
    assert not tokens[:, :, -SIDE:].any()
    assert tokens[:, SIDE:-SIDE, SIDE:-SIDE].abs().min() > 0


def test_margins_stand_where_the_zeros_were(nearby):
    pixels = picture(2, 3)
    whole = nearby.tokens(LRWindow(pixels))
    first = nearby.tokens(LRWindow(pixels[..., : 2 * TINY.block_lr_px], Margins(right=1)))
    torch.testing.assert_close(first, whole[:, :, : 3 * SIDE])


def test_the_inside_of_a_window_has_no_margins():
    pixels, block = picture(3, 3), TINY.block_lr_px
    inside = LRWindow(pixels, Margins(top=1, right=1)).inside(block)
    assert torch.equal(inside, pixels[..., block:, : 2 * block])


def test_windows_are_row_major_and_centred(nearby):
    height, width = 4 * SIDE, 5 * SIDE
    tokens = torch.arange(height * width).reshape(1, height, width)
    cut = nearby.windows(tokens)
    assert cut.shape == (1, 2, 3, 9 * SIDE**2)
    assert cut[0, 1, 2].tolist() == tokens[0, SIDE:, 2 * SIDE :].flatten().tolist()


def test_positions_are_added_to_keys_and_not_to_values(nearby):
    tokens = nearby.tokens(LRWindow(picture(1, 1)))
    before = nearby.keys_values(nearby.project(tokens))
    nearby.key_positions += 1
    after = nearby.keys_values(nearby.project(tokens))
    nearby.key_positions -= 1
    torch.testing.assert_close(after.k - before.k, torch.ones_like(before.k))
    assert torch.equal(after.v, before.v)


def test_a_block_does_not_see_beyond_its_window(nearby):
    x = torch.randn(1, 1, 3, TINY.block_tokens, TINY.hidden_size, generator=torch.Generator().manual_seed(1))
    pixels = picture(1, 3)
    before = nearby(x, torch.nn.Identity(), LRWindow(pixels))
    pixels[..., -TINY.block_lr_px :] += 1
    changed = (nearby(x, torch.nn.Identity(), LRWindow(pixels)) - before).abs().amax(dim=(0, 1, 3, 4))
    assert changed[0] == 0
    assert changed[1] > 1e-4
