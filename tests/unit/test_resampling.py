"""Kernels and taps against Pillow's."""

import numpy as np
import pytest
from PIL import Image

from infdit_cli.resampling import BICUBIC, LANCZOS, taps

KERNELS = {"bicubic": (BICUBIC, Image.Resampling.BICUBIC), "lanczos": (LANCZOS, Image.Resampling.LANCZOS)}
LENGTHS = [(1, 1), (1, 9), (7, 3), (20, 20), (20, 31), (31, 20), (64, 5)]


def resized(line, length, kernel, start=0, stop=None):
    found = taps(len(line), len(line) / length, start, stop or length, kernel)
    return (line[found.places] * found.weights).sum(axis=1)


@pytest.mark.parametrize("name", KERNELS)
@pytest.mark.parametrize(("length", "wanted"), LENGTHS)
def test_a_line_is_resized_as_pillow_does_it(name, length, wanted):
    line = np.random.default_rng(0).uniform(-1, 1, length).astype(np.float32)
    kernel, pillows = KERNELS[name]
    expected = np.asarray(Image.fromarray(line[None]).resize((wanted, 1), pillows))[0]
    np.testing.assert_allclose(resized(line, wanted, kernel), expected, atol=1e-5)


@pytest.mark.parametrize("kernel", [BICUBIC, LANCZOS])
@pytest.mark.parametrize(("length", "wanted"), LENGTHS)
def test_the_taps_of_a_part_are_those_of_the_whole(kernel, length, wanted):
    whole = taps(length, length / wanted, 0, wanted, kernel)
    for start in range(wanted):
        part = taps(length, length / wanted, start, start + 1, kernel)
        np.testing.assert_array_equal(part.places[0], whole.places[start])
        np.testing.assert_array_equal(part.weights[0], whole.weights[start])


@pytest.mark.parametrize("kernel", [BICUBIC, LANCZOS])
def test_a_flat_line_stays_flat(kernel):
    for length, wanted in LENGTHS:
        np.testing.assert_allclose(resized(np.ones(length, np.float32), wanted, kernel), 1, atol=1e-6)
