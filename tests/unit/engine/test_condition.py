"""Padding, bands and windows."""

import pytest
import torch

from infdit_cli.engine import Resized, TensorSource, whole
from infdit_cli.engine.condition import (
    BaseCondition,
    BicubicCondition,
    StretchedCondition,
    make_condition,
)
from infdit_cli.engine.picture import PaddedPicture
from infdit_cli.engine.resize import reduced
from infdit_cli.geometry import Rect, Size
from infdit_cli.model import upsample
from infdit_cli.plan import base, super_blocks
from infdit_cli.resampling import BICUBIC
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
    full = whole_base(network, lr)
    condition = BaseCondition(network.base, PaddedPicture(lr, RESIDUAL.block_lr_px), RESIDUAL)
    for blocks in [Rect(0, 0, 1, 6), Rect(1, 2, 9, 4), Rect(3, 0, 16, 6), Rect(15, 5, 16, 6)]:
        hr = blocks.scaled(RESIDUAL.block_px)
        torch.testing.assert_close(
            condition.concat(blocks), full.image[:, :, hr.rows, hr.cols], rtol=0, atol=1e-5
        )
        window = condition.lr_window(blocks)
        inside = window.inside(RESIDUAL.block_lr_px)
        rect = blocks.scaled(RESIDUAL.block_lr_px)
        torch.testing.assert_close(inside, full.features[:, :, rect.rows, rect.cols], rtol=0, atol=1e-5)


@pytest.mark.parametrize("band_bytes", [1, 1 << 30])
def test_a_second_sweep_gives_the_same_as_the_first(monkeypatch, band_bytes):
    monkeypatch.setattr(base, "BAND_BYTES", band_bytes)
    network, lr = random_network(RESIDUAL), random_lr(64, 24)
    condition = BaseCondition(
        network.base, PaddedPicture(lr, RESIDUAL.block_lr_px), RESIDUAL, super_block_rows=2
    )
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
    full = upsample(source, scale).clamp(-1, 1)
    condition = condition_of(source, scale)
    for blocks in PARTS:
        hr = blocks.scaled(IMAGE.block_px)
        part = full[:, :, hr.rows, hr.cols]
        torch.testing.assert_close(condition.concat(blocks), part, rtol=0, atol=1e-5)


@pytest.mark.parametrize("scale", [2, 4])
def test_the_network_always_sees_a_quarter_of_the_output(scale: int):
    source = random_lr(64 // scale, 80 // scale)
    full = reduced(source, 4 // scale)
    assert full.shape == (1, 3, 16, 20)
    condition = condition_of(source, scale)
    for blocks in PARTS:
        lr = blocks.scaled(IMAGE.block_lr_px)
        inside = condition.lr_window(blocks).inside(IMAGE.block_lr_px)
        torch.testing.assert_close(inside, full[:, :, lr.rows, lr.cols], rtol=0, atol=1e-5)


@pytest.mark.parametrize("scale", [2, 4])
def test_windows_have_a_margin_only_where_the_picture_goes_on(scale: int):
    condition = condition_of(random_lr(64 // scale, 80 // scale), scale)
    assert condition.lr_window(Rect(0, 0, 4, 5)).margins == (0, 0, 0, 0)
    assert condition.lr_window(Rect(0, 1, 2, 5)).margins == (0, 1, 1, 0)
    inner = condition.lr_window(Rect(1, 1, 2, 2))
    assert inner.margins == (1, 1, 1, 1)
    assert inner.pixels.shape == (1, 3, 12, 12)


GRIDS = [Size(64, 80), Size(61, 70), Size(17, 3)]


def stretched(source: torch.Tensor, size: Size) -> StretchedCondition:
    return StretchedCondition(TensorSource(source), size, IMAGE, torch.device("cpu"))


@pytest.mark.parametrize("factor", [1, 2, 4])
@pytest.mark.parametrize("source", [Size(1, 1), Size(16, 20), Size(13, 9)], ids=str)
def test_any_factor_gives_at_whole_factors_what_these_give(factor: int, source: Size):
    picture = random_lr(*source)
    quick, general = condition_of(picture, factor), stretched(picture, source.scaled(factor))
    for blocks in super_blocks(source.scaled(factor).ceil_div(IMAGE.block_px), Size(1, 2)):
        torch.testing.assert_close(general.concat(blocks), quick.concat(blocks), rtol=0, atol=1e-5)
        ours, theirs = general.lr_window(blocks), quick.lr_window(blocks)
        assert ours.margins == theirs.margins
        torch.testing.assert_close(ours.pixels, theirs.pixels, rtol=0, atol=1e-5)


@pytest.mark.parametrize("size", GRIDS, ids=str)
def test_a_stretched_picture_in_parts_is_the_whole_one_bit_by_bit(size: Size):
    condition, grid = stretched(random_lr(13, 18), size), size.ceil_div(IMAGE.block_px)
    everything = Rect(0, 0, *grid)
    concat, lr = condition.concat(everything), condition.lr_window(everything).pixels
    assert lr.shape[2:] == grid.scaled(IMAGE.block_lr_px)
    for blocks in super_blocks(grid, Size(2, 1)):
        hr, small = blocks.scaled(IMAGE.block_px), blocks.scaled(IMAGE.block_lr_px)
        part = condition.lr_window(blocks).inside(IMAGE.block_lr_px)
        torch.testing.assert_close(condition.concat(blocks), concat[:, :, hr.rows, hr.cols], rtol=0, atol=0)
        torch.testing.assert_close(part, lr[:, :, small.rows, small.cols], rtol=0, atol=0)


def test_a_stretched_pictures_inside_is_the_resized_picture():
    source, size = random_lr(40, 50), Size(61, 70)
    condition = stretched(source, size)
    blocks = Rect(0, 0, *size.ceil_div(IMAGE.block_px))
    expected = whole(Resized(TensorSource(source), size, BICUBIC)).clamp(-1, 1)
    # At right and bottom the mirrored pixels come in.
    torch.testing.assert_close(
        condition.concat(blocks)[:, :, :57, :66], expected[:, :, :57, :66], rtol=0, atol=1e-5
    )


def test_a_base_works_at_its_own_scale_only():
    source, base_net = TensorSource(random_lr(16, 16)), random_network(RESIDUAL).base
    with pytest.raises(ValueError, match="own scale"):
        make_condition(base_net, source, RESIDUAL, size=Size(32, 32), device=torch.device("cpu"))
