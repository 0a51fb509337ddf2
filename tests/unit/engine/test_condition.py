"""Padding, bands and windows."""

import pytest
import torch

from infdit_cli.engine import PaddedPicture
from infdit_cli.engine.condition import BaseCondition, BicubicCondition
from infdit_cli.engine.resize import reduced
from infdit_cli.geometry import Rect, Size
from infdit_cli.model import upsample
from infdit_cli.plan import base, super_blocks
from support.pipelines import IMAGE, RESIDUAL, padded, random_lr, random_network, whole_base

PARTS = [Rect(0, 0, 1, 1), Rect(1, 1, 3, 4), Rect(3, 4, 4, 5)]


def condition_of(source: torch.Tensor, scale: int) -> BicubicCondition:
    return BicubicCondition(PaddedPicture(source, IMAGE.block_px // scale), IMAGE)


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
    result = padded(column, 4)
    assert result.shape == (1, 1, len(expected), 4)
    assert result[0, 0, :, 0].tolist() == expected


@pytest.mark.parametrize(("band_bytes", "piece_px"), [(1, 1), (20_000, 17), (1 << 30, 256)])
def test_the_base_in_pieces_equals_the_base_of_the_whole_picture(monkeypatch, band_bytes: int, piece_px: int):
    monkeypatch.setattr(base, "BAND_BYTES", band_bytes)
    monkeypatch.setattr(base, "PIECE_PX", piece_px)
    network, lr = random_network(RESIDUAL), random_lr(64, 24)
    whole = whole_base(network, lr)
    condition = BaseCondition(network.base, PaddedPicture(lr, RESIDUAL.block_lr_px), RESIDUAL)
    for blocks in [Rect(0, 0, 1, 6), Rect(1, 2, 9, 4), Rect(3, 0, 16, 6), Rect(15, 5, 16, 6)]:
        hr = blocks.scaled(RESIDUAL.block_px)
        torch.testing.assert_close(
            condition.concat(blocks), whole.image[:, :, hr.rows, hr.cols], rtol=0, atol=1e-5
        )
        window = condition.lr_window(blocks)
        inside = window.inside(RESIDUAL.block_lr_px)
        rect = blocks.scaled(RESIDUAL.block_lr_px)
        torch.testing.assert_close(inside, whole.features[:, :, rect.rows, rect.cols], rtol=0, atol=1e-5)


@pytest.mark.parametrize("band_bytes", [1, 1 << 30])
def test_a_second_sweep_gives_the_same_as_the_first(monkeypatch, band_bytes):
    monkeypatch.setattr(base, "BAND_BYTES", band_bytes)
    network, lr = random_network(RESIDUAL), random_lr(64, 24)
    condition = BaseCondition(network.base, PaddedPicture(lr, RESIDUAL.block_lr_px), RESIDUAL, batch_rows=2)
    rects = list(super_blocks(Size(64, 24).ceil_div(RESIDUAL.block_lr_px), Size(2, 6)))
    first, second = (
        [(condition.concat(each), condition.lr_window(each).pixels) for each in rects] for _ in "12"
    )
    for before, after in zip(first, second, strict=True):
        assert all(torch.equal(*pair) for pair in zip(before, after, strict=True))


def test_every_piece_of_the_base_is_computed_once_in_a_sweep(monkeypatch):
    monkeypatch.setattr(base, "BAND_BYTES", 1)
    monkeypatch.setattr(base, "PIECE_PX", 10)
    network, lr = random_network(RESIDUAL), random_lr(64, 24)
    condition = BaseCondition(network.base, PaddedPicture(lr, RESIDUAL.block_lr_px), RESIDUAL)
    inputs = []
    network.base.register_forward_pre_hook(lambda _, lr: inputs.append(lr[0].sum().item()))
    for blocks in super_blocks(Size(64, 24).ceil_div(RESIDUAL.block_lr_px), Size(2, 2)):
        condition.concat(blocks)
        condition.lr_window(blocks)
        condition.picture(blocks, torch.zeros(1, 3, *blocks.size.scaled(RESIDUAL.block_px)))
    assert len(inputs) == len(set(inputs)) >= 3 * 64 // 10


def test_a_flat_picture_stays_flat_up_to_its_border():
    network, lr = random_network(RESIDUAL), torch.full((1, 3, 8, 8), 0.3)
    image = BaseCondition(network.base, PaddedPicture(lr, RESIDUAL.block_lr_px), RESIDUAL).concat(
        Rect(0, 0, 2, 2)
    )
    cells = image.unflatten(2, (8, 4)).unflatten(4, (8, 4))  # the same 4x4 px in every LR pixel
    torch.testing.assert_close(cells, cells[:, :, :1, :, :1].expand_as(cells), rtol=0, atol=1e-5)


@pytest.mark.parametrize("scale", [2, 4])
def test_bicubic_in_parts_equals_bicubic_of_the_whole_picture(scale: int):
    source = random_lr(64 // scale, 80 // scale)
    whole = upsample(source, scale).clamp(-1, 1)
    condition = condition_of(source, scale)
    for blocks in PARTS:
        hr = blocks.scaled(IMAGE.block_px)
        part = whole[:, :, hr.rows, hr.cols]
        torch.testing.assert_close(condition.concat(blocks), part, rtol=0, atol=1e-5)


@pytest.mark.parametrize("scale", [2, 4])
def test_the_network_always_sees_a_quarter_of_the_output(scale: int):
    source = random_lr(64 // scale, 80 // scale)
    whole = reduced(source, 4 // scale)
    assert whole.shape == (1, 3, 16, 20)
    condition = condition_of(source, scale)
    for blocks in PARTS:
        lr = blocks.scaled(IMAGE.block_lr_px)
        inside = condition.lr_window(blocks).inside(IMAGE.block_lr_px)
        torch.testing.assert_close(inside, whole[:, :, lr.rows, lr.cols], rtol=0, atol=1e-5)


@pytest.mark.parametrize("scale", [2, 4])
def test_windows_have_a_margin_only_where_the_picture_goes_on(scale: int):
    condition = condition_of(random_lr(64 // scale, 80 // scale), scale)
    assert condition.lr_window(Rect(0, 0, 4, 5)).margins == (0, 0, 0, 0)
    assert condition.lr_window(Rect(0, 1, 2, 5)).margins == (0, 1, 1, 0)
    inner = condition.lr_window(Rect(1, 1, 2, 2))
    assert inner.margins == (1, 1, 1, 1)
    assert inner.pixels.shape == (1, 3, 12, 12)


def test_a_base_works_at_its_own_scale_only():
    picture = PaddedPicture(random_lr(16, 16), RESIDUAL.block_px // 2)
    with pytest.raises(ValueError, match="own scale"):
        BaseCondition(random_network(RESIDUAL).base, picture, RESIDUAL)
