"""Noise as a function of seed and place."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from infdit_cli.diffusion import canvas_noise
from infdit_cli.geometry import BlockIndex, Rect

SIZES = {"channels": 3, "block_px": 8}


def block_noise(seed: int, block: BlockIndex, **sizes: int) -> torch.Tensor:
    row, col = block
    return canvas_noise(seed, Rect(row, col, row + 1, col + 1), **sizes)[0]


@given(st.integers(), st.integers(0, 2**31), st.integers(0, 2**31))
def test_any_integer_seed_gives_the_same_noise_again(seed, row, col):
    first, again = (block_noise(seed, BlockIndex(row, col), **SIZES) for _ in range(2))
    assert first.shape == (3, 8, 8)
    assert first.dtype == torch.float32
    assert torch.equal(first, again)


def test_every_place_has_noise_of_its_own():
    blocks = [block_noise(0, place, **SIZES) for place in Rect(0, 0, 6, 7).blocks()]
    assert len({tuple(each.flatten().tolist()) for each in blocks}) == 42


@pytest.mark.parametrize("others", [(1, -1), (2**32, -(2**32)), (2**64, 2**64 + 1), (2**200, -(2**200))])
def test_every_seed_has_noise_of_its_own(others):
    seen = [block_noise(seed, BlockIndex(0, 0), **SIZES) for seed in (0, *others)]
    assert len({tuple(each.flatten().tolist()) for each in seen}) == 3


def test_a_canvas_is_its_blocks_wherever_it_is_cut():
    whole = canvas_noise(5, Rect(0, 0, 3, 4), **SIZES)
    assert whole.shape == (1, 3, 24, 32)
    assert torch.equal(whole[0, :, 8:16, 16:24], block_noise(5, BlockIndex(1, 2), **SIZES))
    assert torch.equal(canvas_noise(5, Rect(1, 1, 3, 3), **SIZES), whole[..., 8:24, 8:24])


def test_noise_is_standard_normal():
    # 786,432 values: the standard error of the mean is 0.0011, that of the variance 0.0016.
    values = canvas_noise(1, Rect(0, 0, 4, 4), channels=3, block_px=128).double()
    assert abs(values.mean().item()) < 0.006
    assert abs(values.var().item() - 1) < 0.008
    assert abs((values.abs() < 1).double().mean().item() - 0.6827) < 0.003


def test_neighbouring_blocks_and_channels_are_uncorrelated():
    left, right = (block_noise(0, BlockIndex(0, col), channels=2, block_px=128) for col in (0, 1))
    # 16,384 pairs: the standard error is 0.008.
    assert abs((left * right).mean().item()) < 0.04
    assert abs((left[0] * left[1]).mean().item()) < 0.04


def test_noise_of_a_seed_never_changes():
    # Resuming a job with another numpy must give the same picture.
    values = block_noise(7, BlockIndex(2, 3), channels=1, block_px=2).flatten()
    assert values.tolist() == pytest.approx([-0.820487, 0.432166, -0.276094, 0.023482], abs=1e-6)
