"""Metrics against values worked out by hand."""

import numpy as np
import pytest

from infdit_cli.evaluation.metrics import luma, psnr_rgb, psnr_y, ssim_y


def _grey(level: int) -> np.ndarray:
    return np.full((32, 32, 3), level, np.uint8)


def test_luma_spans_the_studio_range():
    assert luma(_grey(0)).mean() == pytest.approx(16.0)
    assert luma(_grey(255)).mean() == pytest.approx(235.0, abs=0.01)


def test_psnr_of_a_known_shift():
    # Ten grey levels are 10 * 219 / 255 levels of luma.
    expected = 20 * np.log10(255 / (10 * 218.999 / 255))
    assert psnr_y(_grey(110), _grey(100)) == pytest.approx(expected, abs=1e-3)


def test_psnr_of_one_channel_counts_a_third():
    tinted = _grey(100)
    tinted[..., 0] += 10
    assert psnr_rgb(tinted, _grey(100)) == pytest.approx(20 * np.log10(255 / 10) + 10 * np.log10(3))


def test_equal_pictures_are_perfect():
    assert psnr_rgb(_grey(7), _grey(7)) == float("inf")
    assert psnr_y(_grey(7), _grey(7)) == float("inf")
    assert ssim_y(_grey(7), _grey(7)) == pytest.approx(1.0)


def test_ssim_of_flat_pictures_is_the_luminance_term():
    x, y, c = luma(_grey(100)).mean(), luma(_grey(200)).mean(), (0.01 * 255) ** 2
    assert ssim_y(_grey(100), _grey(200)) == pytest.approx((2 * x * y + c) / (x * x + y * y + c), rel=1e-6)
