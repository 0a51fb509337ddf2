"""A picture in pieces is the whole picture, in any order that keeps the edges between neighbours."""

import pytest
import torch

from infdit_cli.geometry import Size
from infdit_cli.model import InfDiT, LRWindow
from support.closeness import assert_close
from support.golden import load_case, preconditioning, random_weights, reference_model
from support.super_blocks import Picture, evaluate, raster
from support.tiny_models import TINY_REFINER


def picture_of(case, model):
    c = preconditioning(model).coefficients(case["sigma"][:1])
    inputs = c.c_in * torch.cat((case["x"][:1], case["concat_lr"]), dim=1)
    return Picture(inputs, c.c_noise, case["lr"], case["vector"], grid_of(inputs, model))


def grid_of(inputs, model):
    return Size(*inputs.shape[-2:]).ceil_div(model.config.block_px)


def whole(model, picture):
    return model(picture.inputs, picture.c_noise, LRWindow(picture.lr), vector=picture.vector)


@pytest.mark.parametrize("size", [(1, 1), (1, 2), (2, 1), (3, 3), (1, 4), (4, 1)])
def test_super_blocks_of_any_size_give_the_whole_picture(size):
    model = reference_model("A")
    picture = picture_of(load_case("A", "denoise_square"), model)
    pieces = evaluate(model, picture, raster(picture.grid, *size))
    assert_close(pieces, whole(model, picture), "super_blocks", f"super-blocks of {size}")


def test_column_after_column_gives_the_whole_picture():
    model = reference_model("A")
    picture = picture_of(load_case("A", "denoise_square"), model)
    order = sorted(raster(picture.grid, 1, 1), key=lambda rect: (rect.left, rect.top))
    assert_close(evaluate(model, picture, order), whole(model, picture), "super_blocks")


def test_single_blocks_wrap_positions_like_the_whole_picture():
    model = reference_model("A")
    case = load_case("A", "denoise_rope_wrap")
    picture = picture_of(case, model)
    pieces = evaluate(model, picture, raster(picture.grid, 1, 1))
    assert_close(pieces, case["net_out"], "super_blocks")


def test_blocks_of_the_full_models_geometry_give_the_whole_picture():
    model = reference_model("C")
    picture = picture_of(load_case("C", "denoise_tall"), model)
    pieces = evaluate(model, picture, raster(picture.grid, 1, 1))
    assert_close(pieces, whole(model, picture), "super_blocks")


@torch.no_grad()
def test_base_features_reach_single_blocks_like_the_whole_picture():
    model = random_weights(InfDiT(TINY_REFINER))
    generator = torch.Generator().manual_seed(1)
    inputs = torch.randn(2, 6, 48, 64, generator=generator)
    features = torch.randn(2, TINY_REFINER.lr_channels, 12, 16, generator=generator)
    picture = Picture(inputs, torch.tensor([0.1, -0.4]), features, None, grid_of(inputs, model))
    pieces = evaluate(model, picture, raster(picture.grid, 1, 2))
    assert_close(pieces, whole(model, picture), "super_blocks")
