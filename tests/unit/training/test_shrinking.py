"""Small pictures for training: several clean ways, and the chain of damages for a share of them."""

import numpy as np
import pytest
from PIL import Image

from infdit_cli.training.shrinking import CLEAN, made_small
from support.photos import smooth_noise

CROP = np.asarray(smooth_noise(64, 64, seed=5))


def _many(share: float) -> list[bytes]:
    rng = np.random.default_rng(0)
    return [made_small(CROP, 4, rng, degraded_share=share).tobytes() for _ in range(60)]


def test_clean_crops_are_made_small_in_each_way_about_as_often_as_said():
    ways = {np.asarray(Image.fromarray(CROP).resize((16, 16), way)).tobytes(): odds for way, odds in CLEAN}
    made = _many(0.0)
    assert set(made) == set(ways)
    for pixels, odds in ways.items():
        assert made.count(pixels) / len(made) == pytest.approx(odds, abs=0.15)


def test_damaged_crops_are_all_different():
    assert len(set(_many(1.0))) == 60


def test_the_share_says_how_many_are_damaged():
    clean = set(_many(0.0))
    damaged = sum(pixels not in clean for pixels in _many(0.5))
    assert 20 <= damaged <= 40
