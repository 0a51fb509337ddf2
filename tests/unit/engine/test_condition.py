"""Padding, bands and windows."""

import pytest
import torch

from infdit_cli.engine import base_bands
from infdit_cli.engine.condition import BaseCondition, BicubicCondition, pad_to_blocks
from infdit_cli.geometry import Rect
from infdit_cli.model import upsample
from support.pipelines import IMAGE, RESIDUAL, random_lr, random_network, whole_base


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (1, [0, 0, 0, 0]),
        (2, [0, 1, 0, 0]),
        (3, [0, 1, 2, 1]),
        (4, [0, 1, 2, 3]),
        (5, [0, 1, 2, 3, 4, 3, 2, 1]),
    ],
)
def test_padding_mirrors_and_then_repeats(length: int, expected: list[int]):
    column = torch.arange(length).float().view(1, 1, length, 1)
    padded = pad_to_blocks(column, 4)
    assert padded.shape == (1, 1, len(expected), 4)
    assert padded[0, 0, :, 0].tolist() == expected


@pytest.mark.parametrize("activation_bytes", [1, 20_000, 1 << 30], ids=["thin", "some", "one band"])
def test_the_base_in_bands_equals_the_base_of_the_whole_picture(monkeypatch, activation_bytes: int):
    monkeypatch.setattr(base_bands, "ACTIVATION_BYTES", activation_bytes)
    network, lr = random_network(RESIDUAL), random_lr(64, 24)
    whole = whole_base(network, lr)
    condition = BaseCondition(network.base, lr, RESIDUAL)
    for blocks in [Rect(0, 0, 1, 6), Rect(1, 2, 9, 4), Rect(3, 0, 16, 6), Rect(15, 5, 16, 6)]:
        hr = blocks.scaled(RESIDUAL.block_px)
        torch.testing.assert_close(
            condition.concat(blocks), whole.image[:, :, hr.rows, hr.cols], rtol=0, atol=1e-5
        )
        window = condition.lr_window(blocks)
        inside = window.inside(RESIDUAL.block_lr_px)
        rect = blocks.scaled(RESIDUAL.block_lr_px)
        torch.testing.assert_close(inside, whole.features[:, :, rect.rows, rect.cols], rtol=0, atol=1e-5)


def test_a_flat_picture_stays_flat_up_to_its_border():
    network, lr = random_network(RESIDUAL), torch.full((1, 3, 8, 8), 0.3)
    image = BaseCondition(network.base, lr, RESIDUAL).concat(Rect(0, 0, 2, 2))
    cells = image.unflatten(2, (8, 4)).unflatten(4, (8, 4))  # the same 4x4 px in every LR pixel
    torch.testing.assert_close(cells, cells[:, :, :1, :, :1].expand_as(cells), rtol=0, atol=1e-5)


def test_bicubic_in_parts_equals_bicubic_of_the_whole_picture():
    lr = random_lr(16, 20)
    whole = upsample(lr, IMAGE.scale).clamp(-1, 1)
    condition = BicubicCondition(lr, IMAGE)
    for blocks in [Rect(0, 0, 1, 1), Rect(1, 1, 3, 4), Rect(3, 4, 4, 5)]:
        hr = blocks.scaled(IMAGE.block_px)
        part = whole[:, :, hr.rows, hr.cols]
        torch.testing.assert_close(condition.concat(blocks), part, rtol=0, atol=1e-5)


def test_windows_have_a_margin_only_where_the_picture_goes_on():
    condition = BicubicCondition(random_lr(16, 20), IMAGE)
    assert condition.lr_window(Rect(0, 0, 4, 5)).margins == (0, 0, 0, 0)
    assert condition.lr_window(Rect(0, 1, 2, 5)).margins == (0, 1, 1, 0)
    inner = condition.lr_window(Rect(1, 1, 2, 2))
    assert inner.margins == (1, 1, 1, 1)
    assert inner.pixels.shape == (1, 3, 12, 12)
