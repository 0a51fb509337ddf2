"""Pieces in which an alpha channel is enlarged."""

import pytest

from infdit_cli.config import ModelConfig
from infdit_cli.geometry import Size
from infdit_cli.plan import Speed, alpha_bytes, alpha_piece, alpha_seconds, make_route
from support.real_sizes import COMPACT

MIB = 1 << 20
SPEED = Speed(visit_s=1, block_s=1, base_px_s=1e-5, host_bytes_per_s=1e9, disk_bytes_per_s=1e9)


def route(scale, side=1000):
    target = Size(side, side).scaled(scale) if isinstance(scale, int) else Size(int(side * scale), side)
    return make_route(Size(side, side), target, native=4, native_only=True, fidelity=1)


@pytest.mark.parametrize("scale", [1, 1.5, 2, 4, 5, 16])
def test_memory_does_not_depend_on_the_size(scale):
    nbytes = alpha_bytes(COMPACT, route(scale))
    assert 10 * MIB < nbytes < 80 * MIB
    assert alpha_bytes(COMPACT, route(scale, side=3000)) == nbytes


def test_a_small_picture_takes_less():
    assert alpha_bytes(COMPACT, route(4, side=8)) < alpha_bytes(COMPACT, route(4)) / 2


def test_a_piece_is_smaller_where_the_model_makes_more_than_is_wanted():
    assert alpha_piece(route(4)) == Size(512, 512)
    assert alpha_piece(route(2)) == Size(256, 256)


def test_every_pass_takes_its_time():
    assert alpha_seconds(COMPACT, route(4), SPEED) > 1e6 * SPEED.base_px_s
    assert alpha_seconds(COMPACT, route(16, side=250), SPEED) == pytest.approx(
        alpha_seconds(COMPACT, route(4), SPEED) * 17 / 16
    )


def test_a_model_without_a_base_enlarges_none():
    without = ModelConfig(num_layers=1, hidden_size=32, num_heads=2, patch_px=4, block_px=16)
    with pytest.raises(ValueError, match="no base"):
        alpha_bytes(without, route(4))
