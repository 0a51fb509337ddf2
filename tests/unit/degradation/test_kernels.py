"""Blur kernels: they add up to one, sit in the middle and have the shape that was asked for."""

import math

import numpy as np
import pytest

from infdit_cli.degradation.kernels import Ellipse, gaussian_kernel, plateau_kernel, sinc_kernel

ROUND = Ellipse(1.5, 1.5)
LONG = Ellipse(2.0, 0.5)
KERNELS = {
    "gaussian": gaussian_kernel(21, ROUND),
    "narrowest": gaussian_kernel(7, Ellipse(0.2, 0.2)),
    "leaning": gaussian_kernel(15, Ellipse(2.0, 0.5, 0.7)),
    "generalised": gaussian_kernel(9, ROUND, 0.5),
    "plateau": plateau_kernel(13, ROUND, 1.5),
    "sinc": sinc_kernel(21, math.pi / 3),
    "sinc that lets all pass": sinc_kernel(7, math.pi),
}


def spread(kernel, axis):
    """Return the standard deviation of a kernel along an axis, in pixels."""
    offsets = np.arange(len(kernel)) - len(kernel) // 2
    return math.sqrt((kernel.sum(axis=1 - axis) * offsets**2).sum())


@pytest.mark.parametrize("kernel", KERNELS.values(), ids=KERNELS.keys())
def test_a_kernel_adds_up_to_one_and_looks_the_same_from_both_sides(kernel):
    assert kernel.sum() == pytest.approx(1.0)
    np.testing.assert_allclose(kernel, kernel[::-1, ::-1], atol=1e-12)
    assert kernel.argmax() == kernel.size // 2


def test_a_gaussian_has_the_standard_deviation_asked_for():
    assert spread(gaussian_kernel(21, ROUND), 0) == pytest.approx(1.5, rel=1e-3)


def test_the_narrowest_gaussian_leaves_a_picture_as_it_is():
    assert KERNELS["narrowest"][3, 3] > 0.9999


def test_the_angle_turns_from_columns_to_rows():
    flat, upright = gaussian_kernel(21, LONG), gaussian_kernel(21, LONG._replace(angle=math.pi / 2))
    assert spread(flat, 1) == pytest.approx(2.0, rel=1e-3)
    assert spread(flat, 0) < 0.6
    np.testing.assert_allclose(upright, flat.T, atol=1e-12)


def test_beta_moves_weight_from_the_tails_to_the_shoulders():
    tails = [gaussian_kernel(21, ROUND, beta)[10, 16] for beta in (0.5, 1.0, 2.0)]
    assert tails == sorted(tails, reverse=True)


def test_a_plateau_is_half_as_high_at_its_half_width():
    kernel = plateau_kernel(21, Ellipse(3.0, 3.0), 1.5)
    assert kernel[10, 13] == pytest.approx(kernel[10, 10] / 2)


def test_a_sinc_keeps_what_is_below_its_cutoff_and_rings():
    kernel = sinc_kernel(21, math.pi / 2)
    gains = np.abs(np.fft.rfft(kernel.sum(axis=0), 256))
    assert np.abs(gains[:48] - 1).max() < 0.15
    assert gains[96:].max() < 0.1
    assert kernel.min() < 0
