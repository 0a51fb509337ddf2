"""What chance decides stays within the recipe, and reaches its ends."""

import dataclasses
import math

import numpy as np
import pytest

from infdit_cli.degradation import MILD, draw

TRIES = 400


@pytest.fixture
def rng():
    return np.random.default_rng(7)


@pytest.mark.parametrize("strength", [MILD.first, MILD.second], ids=["first", "second"])
def test_factors_stay_in_their_range_and_follow_their_odds(strength, rng):
    factors = np.array([draw.factor(strength, rng) for _ in range(TRIES)])
    smallest, largest = strength.resize
    assert smallest <= factors.min() < smallest + 0.05
    assert largest - 0.05 < factors.max() <= largest
    odds = [(factors > 1).mean(), (factors < 1).mean(), (factors == 1).mean()]
    np.testing.assert_allclose(odds, strength.resize_odds, atol=0.08)


def test_kernels_are_odd_from_7_to_21_pixels_and_add_up_to_one(rng):
    kernels = [draw.blur_kernel(MILD.first, rng) for _ in range(TRIES)]
    assert {len(kernel) for kernel in kernels} == set(range(7, 22, 2))
    np.testing.assert_allclose([kernel.sum() for kernel in kernels], 1.0)


def test_one_kernel_in_ten_rings(rng):
    rings = [draw.blur_kernel(MILD.first, rng).min() < 0 for _ in range(TRIES)]
    assert np.mean(rings) == pytest.approx(0.1, abs=0.04)


def test_without_sinc_a_blur_is_never_negative(rng):
    calm = dataclasses.replace(MILD.first, sinc_probability=0.0)
    assert min(draw.blur_kernel(calm, rng).min() for _ in range(TRIES)) >= 0


def test_the_last_filter_keeps_a_third_of_all_frequencies(rng):
    for _ in range(50):
        kernel = draw.last_sinc(rng)
        gains = np.abs(np.fft.rfft(kernel.sum(axis=0), 256))
        below = int(128 / 6)  # half the lowest cutoff, pi / 3
        assert np.abs(gains[:below] - 1).max() < 0.35


def test_every_interpolation_is_drawn(rng):
    drawn = [draw.interpolation(rng) for _ in range(TRIES)]
    for each in ("area", "bilinear", "bicubic"):
        assert drawn.count(each) == pytest.approx(TRIES / 3, abs=4 * math.sqrt(TRIES / 4.5))
