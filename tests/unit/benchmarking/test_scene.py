"""The picture that is measured: always the same, and no easier than a photograph."""

import numpy as np
import pytest

from infdit_cli.benchmarking import scene as module
from infdit_cli.benchmarking.scene import scene


def test_it_is_the_same_every_time_and_another_with_another_seed():
    assert np.array_equal(scene(96), scene(96))
    assert not np.array_equal(scene(96), scene(96, seed=1))


@pytest.mark.parametrize("side_px", [1, 4, 63, 65])
def test_a_larger_one_begins_like_a_smaller_one(side_px):
    small = scene(side_px)
    assert small.shape == (side_px, side_px, 3)
    assert small.dtype == np.uint8
    assert np.array_equal(small, scene(200)[:side_px, :side_px])


def test_the_bands_it_is_made_in_cannot_be_seen(monkeypatch):
    expected = scene(100)
    monkeypatch.setattr(module, "BAND_PX", 7)
    assert np.array_equal(scene(100), expected)


def test_it_is_smooth_nearly_everywhere_with_hard_edges_between():
    steps = np.abs(np.diff(scene(256).astype(int), axis=0)).max(axis=2)
    assert np.median(steps) <= 6
    assert (steps > 60).mean() > 0.005
    assert (steps > 60).mean() < 0.1


def test_it_uses_dark_and_light_shades():
    shades = np.percentile(scene(512), (5, 95))
    assert shades[0] < 60
    assert shades[1] > 180
