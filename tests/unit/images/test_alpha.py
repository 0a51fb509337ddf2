import numpy as np
import pytest

from infdit_cli.images.alpha import bleed_colours
from support.pictures import noise


def half_seen(dtype=np.uint8):
    """A red left half, and a right half of which nobody sees that it is black."""
    rgb = np.zeros((9, 20, 3), dtype)
    alpha = np.zeros((9, 20), dtype)
    rgb[:, :10, 0] = alpha[:, :10] = np.iinfo(dtype).max
    return rgb, alpha


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_hidden_pixels_take_the_colour_of_their_visible_neighbours(dtype):
    rgb, alpha = half_seen(dtype)
    bleed_colours(rgb, alpha)
    assert (rgb == rgb[0, 0]).all()
    assert rgb[0, 0].tolist() == [np.iinfo(dtype).max, 0, 0]


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_visible_pixels_are_left_alone(dtype):
    rgb, alpha = noise(33, 47, dtype=dtype), noise(33, 47, channels=1, dtype=dtype)[..., 0]
    alpha[5:20, 5:30] = 0
    filled = rgb.copy()
    bleed_colours(filled, alpha)
    seen = alpha >= np.iinfo(dtype).max / 16
    np.testing.assert_array_equal(filled[seen], rgb[seen])
    assert (filled[alpha == 0] != rgb[alpha == 0]).any()


@pytest.mark.parametrize("ground", [0, 255])
def test_what_can_hardly_be_seen_changes_by_no_more_than_can_be_seen(ground):
    rgb, alpha = noise(33, 47), noise(33, 47, channels=1)[..., 0] // 8
    filled = rgb.copy()
    bleed_colours(filled, alpha)

    def laid_on_ground(colours):
        return ground + (colours.astype(float) - ground) * alpha[..., None] / 255

    assert (filled != rgb).any()
    assert np.abs(laid_on_ground(filled) - laid_on_ground(rgb)).max() <= 4


def test_the_few_levels_that_multiplied_colours_leave_are_mended():
    alpha = np.repeat(np.array([[255, 128, 16, 4, 1, 0]], np.uint8), 6, axis=0)
    shade = np.array([90, 150, 30])
    multiplied = np.rint(shade * alpha[..., None] / 255)
    rgb = np.rint(multiplied * 255 / np.maximum(alpha, 1)[..., None]).astype(np.uint8)
    before = np.abs(rgb - shade.astype(float)).max()
    bleed_colours(rgb, alpha)
    assert before > 100
    assert np.abs(rgb - shade.astype(float)).max() < before / 2


def test_a_hole_larger_than_a_band_is_filled_as_a_small_one_is():
    rgb, alpha = np.zeros((1500, 3, 1), np.uint8), np.zeros((1500, 3), np.uint8)
    rgb[-1], alpha[-1] = 90, 255
    bleed_colours(rgb, alpha)
    assert (rgb == 90).all()


def test_strong_neighbours_count_more_than_faint_ones():
    rgb = np.array([[[200, 0, 0], [0, 0, 0]], [[0, 0, 200], [0, 0, 0]]], np.uint8)
    alpha = np.array([[254, 0], [1, 0]], np.uint8)
    bleed_colours(rgb, alpha)
    assert rgb[0, 1].tolist() == [199, 0, 1]


def test_a_picture_that_is_all_hidden_or_all_seen_is_unchanged():
    rgb = noise()
    for level in (0, 255):
        filled = rgb.copy()
        bleed_colours(filled, np.full(rgb.shape[:2], level, np.uint8))
        np.testing.assert_array_equal(filled, rgb)
