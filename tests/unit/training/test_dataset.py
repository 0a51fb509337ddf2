"""Crops are a function of the step; pictures are found, split and cached."""

from pathlib import Path

import numpy as np
import pytest

from infdit_cli.errors import TrainingError
from infdit_cli.training.dataset import CropDataset, PixelCache, find_pictures, split_validation
from support.photos import make_folder


def _find(folder: Path, min_side_px: int = 16) -> list:
    return find_pictures(folder, min_side_px=min_side_px, on_skip=lambda _: None)


def test_pictures_are_found_in_sub_folders_and_small_ones_left_out(tmp_path):
    make_folder(tmp_path / "big", count=3)
    make_folder(tmp_path / "small", count=2, height=20, width=90)
    assert [picture.path.name for picture in _find(tmp_path, 64)] == [
        "picture-1.png",
        "picture-0.png",
        "picture-2.png",
    ]


def test_a_broken_picture_is_named_and_the_others_are_used(tmp_path):
    make_folder(tmp_path, count=2)
    (tmp_path / "broken.png").write_bytes(b"no picture")
    skipped: list[str] = []
    found = find_pictures(tmp_path, min_side_px=16, on_skip=skipped.append)
    assert len(found) == 2
    assert len(skipped) == 1
    assert "broken.png" in skipped[0]


@pytest.mark.parametrize("name", ["missing", "empty"])
def test_no_pictures_is_an_error(tmp_path, name: str):
    (tmp_path / "empty").mkdir()
    with pytest.raises(TrainingError):
        _find(tmp_path / name)


def test_the_split_is_stable_and_disjoint(tmp_path):
    pictures = _find(make_folder(tmp_path, count=6))
    train, held = split_validation(pictures)
    assert {*train, *held} == {*pictures}
    assert not {*train} & {*held}
    assert split_validation(pictures[::-1]) == (train, held)


def test_a_batch_depends_on_its_index_alone(tmp_path):
    pictures = _find(make_folder(tmp_path))

    def dataset(seed: int) -> CropDataset:
        return CropDataset(pictures, crop_px=32, batch_size=3, seed=seed, cache=PixelCache(1 << 20))

    walked = dataset(0)
    batches = [walked.batch(index) for index in range(3)]
    assert batches[0].shape == (3, 32, 32, 3)
    np.testing.assert_array_equal(dataset(0).batch(2), batches[2])
    assert not np.array_equal(batches[0], batches[1])
    assert not np.array_equal(dataset(1).batch(0), batches[0])


def test_the_cache_stays_within_its_bytes(tmp_path):
    pictures = _find(make_folder(tmp_path, count=4))
    one = 80 * 96 * 3
    cache = PixelCache(2 * one)
    for picture in [*pictures, *pictures]:
        assert cache.get(picture.path).nbytes == one
        assert cache.held_bytes <= 2 * one
