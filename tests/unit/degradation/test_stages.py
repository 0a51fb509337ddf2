"""Every damage alone: what it does, how strongly, and what it leaves in place."""

import math

import numpy as np
import pytest

from infdit_cli.degradation.kernels import Ellipse, gaussian_kernel
from infdit_cli.degradation.stages import (
    blurred,
    compressed,
    from_levels,
    gaussian_noise,
    poisson_noise,
    resized,
    to_levels,
)
from infdit_cli.geometry import Size
from support.photos import smooth_noise


@pytest.fixture
def picture():
    return from_levels(np.asarray(smooth_noise(40, 56, seed=1)))


@pytest.fixture
def rng():
    return np.random.default_rng(5)


# On a plane that grows by 1/80 a row. Where area enlarges it repeats pixels, so it is off by up to half of
# one; cubic convolution is exact on planes only with a = -0.5.
MOST_OFF = {"area": 0.5 / 40, "bilinear": 1e-5, "bicubic": 0.003}


def flat(level, height=64, width=64):
    return np.full((height, width, 3), level, np.float32)


def gradient(size):
    """Return a plane that is 0 and 1 just beyond its corners, sampled at pixel centres."""
    rows = (np.arange(size.height) + 0.5) / size.height
    cols = (np.arange(size.width) + 0.5) / size.width
    plane = (rows[:, None] + cols) / 2
    return np.repeat(plane[:, :, None], 3, axis=2).astype(np.float32)


def test_blur_is_the_convolution_with_the_kernel(picture):
    kernel = gaussian_kernel(7, Ellipse(1.5, 0.5, 0.4))
    expected = sum(
        kernel[row, col] * picture[10 + row : 20 + row, 10 + col : 20 + col]
        for row in range(7)
        for col in range(7)
    )
    np.testing.assert_allclose(blurred(picture, kernel)[13:23, 13:23], expected, atol=1e-6)


def test_blur_keeps_size_number_format_and_flat_colours():
    result = blurred(flat(0.3, 5, 30), gaussian_kernel(21, Ellipse(1.5, 1.5)))
    assert (result.shape, result.dtype) == ((5, 30, 3), np.float32)
    np.testing.assert_allclose(result, 0.3, atol=1e-6)


@pytest.mark.parametrize("interpolation", ["area", "bilinear", "bicubic"])
@pytest.mark.parametrize("size", [Size(12, 20), Size(37, 50), Size(60, 81)], ids=str)
def test_resizing_leaves_pixels_where_they_are(interpolation, size):
    result = resized(gradient(Size(40, 56)), size, interpolation)
    assert result.shape == (*size, 3)
    difference = (result - gradient(size))[4:-4, 4:-4]
    assert np.abs(difference).max() <= MOST_OFF[interpolation]
    assert abs(difference.mean()) < 0.2 / 40


def test_resizing_to_the_same_size_changes_nothing(picture):
    assert resized(picture, Size(40, 56), "bicubic") is picture


def test_area_averages_what_a_pixel_covers_and_the_others_look_at_points():
    stripes = np.zeros((8, 64, 3), np.float32)
    stripes[:, ::4] = 1
    averaged = resized(stripes, Size(2, 16), "area")
    np.testing.assert_allclose(averaged, 0.25, atol=1e-6)
    assert resized(stripes, Size(2, 16), "bilinear").max() == 0


def test_gaussian_noise_has_its_sigma_in_levels(rng):
    noise = gaussian_noise(flat(0.5), 10, rng, grey=False) - 0.5
    assert noise.std() * 255 == pytest.approx(10, rel=0.03)
    assert abs(noise.mean()) * 255 < 0.3


def test_poisson_noise_grows_with_the_root_of_brightness(rng):
    for level in (0.1, 0.4):
        noise = poisson_noise(flat(level), 1.0, rng, grey=False) - level
        assert noise.std() == pytest.approx(math.sqrt(level / 256), rel=0.03)
    weak = poisson_noise(flat(0.4), 0.1, rng, grey=False) - 0.4
    assert weak.std() == pytest.approx(0.1 * math.sqrt(0.4 / 256), rel=0.03)


@pytest.mark.parametrize("add", [gaussian_noise, poisson_noise])
def test_grey_noise_is_the_same_in_all_channels(add, rng):
    grey = add(flat(0.5), 2.0, rng, grey=True)
    np.testing.assert_array_equal(grey[..., 0], grey[..., 2])
    coloured = add(flat(0.5), 2.0, rng, grey=False)
    assert (coloured[..., 0] != coloured[..., 2]).mean() > 0.9


@pytest.mark.parametrize("add", [gaussian_noise, poisson_noise])
def test_noise_stays_between_black_and_white(add, rng):
    for level in (0.0, 1.0):
        result = add(flat(level), 15.0, rng, grey=False)
        assert 0 <= result.min() <= result.max() <= 1


def test_jpeg_loses_more_at_a_lower_quality(picture):
    losses = [np.abs(compressed(picture, quality) - picture).mean() for quality in (60, 80, 95)]
    assert losses == sorted(losses, reverse=True)
    assert 0 < losses[-1] < losses[0] < 0.1


def test_levels_are_rounded_and_clipped():
    beyond = np.array([[[-0.2, 0.4999 / 255, 1.3]]], np.float32)
    np.testing.assert_array_equal(to_levels(beyond), [[[0, 0, 255]]])
    every = np.arange(255, dtype=np.uint8).reshape(5, 17, 3)
    np.testing.assert_array_equal(to_levels(from_levels(every)), every)
