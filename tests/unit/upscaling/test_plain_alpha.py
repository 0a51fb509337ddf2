"""Alpha channels that the base does not enlarge: bicubic, exact where flat, the same however they are cut."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from infdit_cli.geometry import Rect, Size
from infdit_cli.upscaling.alpha import plain_alpha
from support.pictures import noise, smooth


def upscaled(alpha, size):
    return plain_alpha(alpha, size)(Rect(0, 0, *size))


@pytest.mark.parametrize("size", [Size(12, 20), Size(10, 13), Size(2, 3)], ids=str)
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("level", [0, 1])
def test_flat_alpha_stays_exact(dtype, level, size):
    value = level * np.iinfo(dtype).max
    made = upscaled(np.full((3, 5), value, dtype), size)
    assert made.dtype == dtype
    assert made.shape == size
    assert (made == value).all()


@settings(max_examples=60)
@given(data=st.data())
def test_a_part_is_that_part_of_the_whole_however_it_is_cut(data):
    side, dtype = st.integers(1, 40), data.draw(st.sampled_from([np.uint8, np.uint16]))
    alpha = noise(data.draw(side), data.draw(side), channels=1, dtype=dtype)[..., 0]
    size = Size(data.draw(st.integers(1, 90)), data.draw(st.integers(1, 90)))
    top, left = data.draw(st.integers(0, size.height - 1)), data.draw(st.integers(0, size.width - 1))
    rect = Rect(
        top,
        left,
        data.draw(st.integers(top + 1, size.height)),
        data.draw(st.integers(left + 1, size.width)),
    )
    part = plain_alpha(alpha, size)(rect)
    np.testing.assert_array_equal(part, upscaled(alpha, size)[rect.rows, rect.cols])


@pytest.mark.parametrize("size", [Size(300, 28), Size(111, 31), Size(50, 5)], ids=str)
def test_it_is_the_bicubic_of_pillow(size):
    alpha = smooth(75, 7, channels=1)[..., 0]
    alpha[::3] = 0
    whole = Image.fromarray(alpha.astype(np.float32)).resize(size[::-1], Image.Resampling.BICUBIC)
    expected = np.clip(np.asarray(whole), 0, 255)
    assert np.abs(upscaled(alpha, size) - expected).max() <= 0.501


def test_an_edge_is_not_overshot_into_a_wrap():
    alpha = np.zeros((8, 8), np.uint8)
    alpha[:, 4:] = 255
    made = upscaled(alpha, Size(32, 32)).astype(int)
    assert (np.diff(made, axis=1) >= 0).all()
