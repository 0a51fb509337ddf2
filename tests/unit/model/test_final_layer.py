"""Tokens to pixels."""

import torch

from infdit_cli.model.final_layer import FinalLayer
from support.tiny_models import TINY


def test_a_patch_is_read_as_row_column_channel():
    patches = torch.zeros(1, 1, 2, TINY.block_tokens, TINY.patch_px**2 * 3)
    token, row, col, channel = 1 * TINY.block_side_tokens + 2, 3, 1, 2
    patches[0, 0, 1, token, (row * TINY.patch_px + col) * 3 + channel] = 1
    pixels = FinalLayer(TINY).to_pixels(patches)
    expected = [0, channel, TINY.patch_px + row, TINY.block_px + 2 * TINY.patch_px + col]
    assert pixels.nonzero().tolist() == [expected]
