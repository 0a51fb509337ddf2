"""The whole chain: the same from the same chance, in place, and as strong as its recipe."""

import dataclasses

import numpy as np
import pytest
from PIL import Image

from infdit_cli.degradation import MILD, Recipe, degrade, picture_generator
from support.photos import smooth_noise

GENTLE = dataclasses.replace(
    MILD.first,
    blur_probability=0.0,
    resize=(1.0, 1.0),
    resize_odds=(0.0, 0.0, 1.0),
    gaussian_probability=1.0,
    gaussian_sigma=(0.0, 0.0),
    jpeg_quality=(100, 100),
)
HARMLESS = Recipe(first=GENTLE, second=GENTLE, last_sinc_probability=0.0)


@pytest.fixture
def picture():
    return np.asarray(smooth_noise(96, 128, seed=3))


def shrunk(picture):
    image = Image.fromarray(picture)
    return np.asarray(image.resize((image.width // 4, image.height // 4), Image.Resampling.BICUBIC))


def distance(one, other):
    return np.abs(one.astype(float) - other).mean()


def test_the_same_name_and_seed_give_the_same_picture(picture):
    first, again = (degrade(picture, 4, picture_generator("a", 0)) for _ in range(2))
    np.testing.assert_array_equal(first, again)


@pytest.mark.parametrize(("name", "seed"), [("b", 0), ("a", 1), ("a", -1), ("a", 2**80)], ids=str)
def test_another_name_or_seed_gives_another_picture(picture, name, seed):
    usual = degrade(picture, 4, picture_generator("a", 0))
    assert distance(degrade(picture, 4, picture_generator(name, seed)), usual) > 0.5


def test_a_name_that_is_no_text_has_its_own_chance():
    broken = picture_generator(b"\xff".decode(errors="surrogateescape"), 0)
    assert broken.random() != picture_generator("", 0).random()


def test_sides_are_divided_and_rounded_down(picture):
    result = degrade(picture[:90, :127], 4, picture_generator("a", 0))
    assert (result.shape, result.dtype) == ((22, 31, 3), np.uint8)


@pytest.mark.parametrize("size", [(1, 1), (4, 50), (9, 3)], ids=str)
def test_the_smallest_pictures_come_through(size):
    tiny = np.full((*size, 3), 90, np.uint8)
    for seed in range(6):
        result = degrade(tiny, 4, picture_generator("tiny", seed))
        assert result.shape == (max(1, size[0] // 4), max(1, size[1] // 4), 3)


def test_a_recipe_without_damage_only_shrinks(picture):
    smooth = np.asarray(Image.fromarray(picture[:6, :8]).resize((128, 96), Image.Resampling.BICUBIC))
    for seed in range(6):
        result = degrade(smooth, 4, picture_generator("a", seed), HARMLESS)
        assert distance(result, shrunk(smooth)) < 2.5  # JPEG of quality 100 halves the colours' resolution


def test_the_mild_recipe_damages_a_little_and_moves_nothing(picture):
    smooth = np.asarray(Image.fromarray(picture[:24, :32]).resize((256, 192), Image.Resampling.BICUBIC))
    results = [degrade(smooth, 4, picture_generator("a", seed)).astype(float) for seed in range(24)]
    clean = shrunk(smooth)
    assert all(0.5 < distance(result, clean) < 25 for result in results)
    mean = np.mean(results, axis=0)
    shifted = [
        distance(np.roll(mean, shift, axis=(0, 1)), clean) for shift in ((0, 1), (0, -1), (1, 0), (-1, 0))
    ]
    assert distance(mean, clean) < min(shifted)
