"""Inputs of the tracks: fair, fixed, and different."""

import numpy as np
import pytest
from PIL import Image

from infdit_cli.degradation import shrunk_for_track
from support.photos import smooth_noise


@pytest.fixture
def truth():
    return np.asarray(smooth_noise(64, 80, seed=4))


def degraded(truth, picture, seed=0):
    return shrunk_for_track(truth, "degraded", scale=4, picture=picture, seed=seed)


def test_the_clean_track_is_pillows_bicubic_whatever_the_seed(truth):
    expected = Image.fromarray(truth).resize((20, 16), Image.Resampling.BICUBIC)
    for seed in (0, 1):
        lr = shrunk_for_track(truth, "clean", scale=4, picture="a.png", seed=seed)
        np.testing.assert_array_equal(lr, np.asarray(expected))


def test_the_degraded_track_depends_on_name_and_seed_alone(truth):
    usual = degraded(truth, "a.png")
    np.testing.assert_array_equal(degraded(truth, "folder/a.webp"), usual)
    assert (degraded(truth, "b.png") != usual).any()
    assert (degraded(truth, "a.png", seed=1) != usual).any()


def test_both_tracks_have_the_same_size(truth):
    assert degraded(truth, "a.png").shape == (16, 20, 3)
