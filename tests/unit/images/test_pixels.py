import tracemalloc

import numpy as np
import pytest

from infdit_cli.images import from_model, to_model, to_unit


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_every_level_survives_the_way_to_the_model_and_back(dtype):
    levels = np.arange(np.iinfo(dtype).max + 1, dtype=dtype).reshape(-1, 16, 1).repeat(3, axis=2)
    back = from_model(to_model(levels), np.dtype(dtype))
    assert back.dtype == dtype
    np.testing.assert_array_equal(back, levels)


def test_black_and_white_are_the_ends_of_both_ranges():
    ends = np.array([[[0, 255, 255]]], np.uint8)
    assert to_unit(ends).ravel().tolist() == [0, 1, 1]
    assert to_model(ends).ravel().tolist() == [-1, 1, 1]
    assert to_model(ends).dtype == to_unit(ends).dtype == np.float32


def test_values_are_rounded_and_clipped_not_truncated_or_wrapped():
    values = np.array([-1.2, 1.2, 0.9999, -0.9999], np.float32).reshape(1, 1, 4).repeat(3, axis=0)
    assert from_model(values, np.dtype(np.uint8))[0, :, 0].tolist() == [0, 255, 255, 0]


def test_the_model_sees_channels_first():
    assert to_model(np.zeros((2, 5, 3), np.uint8)).shape == (3, 2, 5)


def test_a_large_picture_is_there_as_floats_once_only():
    picture = np.zeros((600, 800, 3), np.uint8)
    tracemalloc.start()
    model = to_model(picture)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert model.nbytes <= peak < 1.2 * model.nbytes
