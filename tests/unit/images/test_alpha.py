import numpy as np
import pytest
from PIL import Image

from infdit_cli.geometry import Size
from infdit_cli.images import upscale_alpha
from infdit_cli.images.alpha import bleed_colours
from support.pictures import noise, smooth


def half_seen(dtype=np.uint8):
    """A red left half, and a right half of which nobody sees that it is black."""
    rgb = np.zeros((9, 20, 3), dtype)
    alpha = np.zeros((9, 20), dtype)
    rgb[:, :10, 0] = alpha[:, :10] = np.iinfo(dtype).max
    return rgb, alpha


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_hidden_pixels_take_the_colour_of_their_visible_neighbours(dtype):
    rgb, alpha = half_seen(dtype)
    filled = bleed_colours(rgb, alpha)
    assert filled.dtype == dtype
    assert (filled == rgb[0, 0]).all()


def test_visible_pixels_are_left_alone_however_faint():
    rgb, alpha = noise(33, 47), noise(33, 47, channels=1)[..., 0]
    alpha[5:20, 5:30] = 0
    alpha[7, 7] = 1
    filled = bleed_colours(rgb, alpha)
    np.testing.assert_array_equal(filled[alpha > 0], rgb[alpha > 0])


def test_strong_neighbours_count_more_than_faint_ones():
    rgb = np.array([[[200, 0, 0], [0, 0, 0]], [[0, 0, 200], [0, 0, 0]]], np.uint8)
    alpha = np.array([[254, 0], [1, 0]], np.uint8)
    assert bleed_colours(rgb, alpha)[0, 1].tolist() == [199, 0, 1]


def test_a_picture_that_is_all_hidden_or_all_seen_is_unchanged():
    rgb = noise()
    for level in (0, 255):
        alpha = np.full(rgb.shape[:2], level, np.uint8)
        np.testing.assert_array_equal(bleed_colours(rgb, alpha), rgb)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("level", [0, 1])
def test_flat_alpha_stays_exact(dtype, level):
    value = level * np.iinfo(dtype).max
    upscaled = upscale_alpha(np.full((3, 5), value, dtype), Size(12, 20))
    assert upscaled.dtype == dtype
    assert (upscaled == value).all()


def test_bands_join_without_a_seam():
    alpha = smooth(400, 7, channels=1)[..., 0]
    alpha[::3] = 0
    size = Size(1601, 29)
    at_once = Image.fromarray(alpha.astype(np.float32)).resize(size[::-1], Image.Resampling.BICUBIC)
    expected = np.rint(np.clip(np.asarray(at_once), 0, 255))
    assert np.abs(upscale_alpha(alpha, size) - expected).max() <= 1


def test_an_edge_is_not_overshot_into_a_wrap():
    alpha = np.zeros((8, 8), np.uint8)
    alpha[:, 4:] = 255
    upscaled = upscale_alpha(alpha, Size(32, 32)).astype(int)
    assert (np.diff(upscaled, axis=1) >= 0).all()
