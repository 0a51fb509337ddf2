"""The seam score: 1 without seams, more with them, nothing where there is no border."""

import math

import numpy as np
import pytest
from PIL import Image

from infdit_cli.evaluation.seams import border_ratio, seam_score


def gradient(height, width):
    return np.add.outer(np.arange(height), np.arange(width)).astype(np.float64)


def with_steps(pixels, block_px, size):
    """Return pixels with every second block column lighter by ``size``."""
    return pixels + size * (np.arange(pixels.shape[1]) // block_px % 2)


def test_a_gradient_has_a_ratio_of_one_on_both_axes():
    for axis in (0, 1):
        assert border_ratio(gradient(64, 48), axis, block_px=16) == pytest.approx(1.0)


def test_a_step_at_the_borders_of_one_axis_shows_on_that_axis():
    stepped = with_steps(gradient(64, 64), 16, 10)
    # Steps of 1 inside; across the three borders 11, 9 and 11.
    assert border_ratio(stepped, 1, block_px=16) == pytest.approx(31 / 3)
    assert border_ratio(stepped, 0, block_px=16) == pytest.approx(1.0)
    assert seam_score(stepped, block_px=16, scale=4) == pytest.approx((31 / 3 + 1) / 2)


def test_channels_count_alike():
    stepped = with_steps(gradient(64, 64), 16, 10)
    coloured = np.stack([stepped] * 3, axis=2)
    assert border_ratio(coloured, 1, block_px=16) == pytest.approx(border_ratio(stepped, 1, block_px=16))


def test_flat_pictures_have_no_seams_and_a_step_on_flat_ground_is_infinite():
    flat = np.zeros((64, 64))
    assert seam_score(flat, block_px=16, scale=4) == 1.0
    assert border_ratio(with_steps(flat, 16, 1), 1, block_px=16) == math.inf


def test_a_picture_of_one_block_has_no_score():
    assert math.isnan(seam_score(gradient(16, 16), block_px=16, scale=4))
    assert seam_score(gradient(16, 40), block_px=16, scale=4) == pytest.approx(1.0)


def test_interpolation_alone_is_no_seam():
    small = Image.fromarray(np.random.default_rng(0).integers(0, 256, (96, 96), np.uint8))
    large = np.asarray(small.resize((384, 384), Image.Resampling.BICUBIC))
    assert border_ratio(large, 0, block_px=16) > 1.3  # half-way between LR pixels it is steepest
    assert seam_score(large, block_px=16, scale=4) == pytest.approx(1.0, abs=0.05)
