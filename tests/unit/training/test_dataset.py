"""Crops are a function of the step; pictures are found, split and cached."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from infdit_cli.config import StageConfig
from infdit_cli.errors import TrainingError, UnsupportedImage
from infdit_cli.images import read_colours
from infdit_cli.training.dataset import CropDataset, PixelCache, list_training_pictures
from support.folders import refuse_folder
from support.photos import make_folder, smooth_noise


def _find(folder: Path, min_side_px: int = 16) -> list:
    return list_training_pictures(folder, min_side_px=min_side_px, on_skip=lambda _: None).pictures


def _dataset(pictures: list, *, seed: int = 0, on_skip=lambda _: None) -> CropDataset:
    stage = StageConfig(learning_rate=1e-3, batch_size=3, crop_px=32, share=1.0)
    return CropDataset(
        pictures,
        stage=stage,
        degraded_share=0.0,
        scale=4,
        seed=seed,
        cache=PixelCache(1 << 20),
        broken={},
        on_skip=on_skip,
    )


def test_pictures_are_found_in_sub_folders_and_small_ones_left_out(tmp_path):
    make_folder(tmp_path / "big", count=3)
    make_folder(tmp_path / "small", count=2, height=20, width=90)
    assert [picture.path.name for picture in _find(tmp_path, 64)] == [
        "picture-1.png",
        "picture-0.png",
        "picture-2.png",
    ]
    assert list_training_pictures(tmp_path, min_side_px=64, on_skip=str).num_small == 2


def test_hidden_files_and_folders_are_left_out(tmp_path):
    make_folder(tmp_path / "photos", count=1)
    make_folder(tmp_path / ".thumbnails", count=1)
    (tmp_path / "photos" / "._picture-0.png").write_bytes(b"what macOS keeps beside a file on a foreign disk")
    found = list_training_pictures(tmp_path, min_side_px=16, on_skip=pytest.fail).pictures
    assert [picture.path.name for picture in found] == ["picture-0.png"]


@pytest.mark.parametrize("suffix", ["png", "tif"])
def test_sixteen_bits_are_rounded_and_not_clipped(tmp_path, suffix):
    ramp = np.linspace(0, 65535, 64 * 64).reshape(64, 64).astype(np.uint16)
    Image.fromarray(ramp).save(tmp_path / f"grey.{suffix}")
    [found] = _find(tmp_path)
    pixels = PixelCache(1 << 20).get(found.path)
    assert np.abs(pixels - (ramp / 257)[..., None]).max() <= 0.5


def test_a_turned_picture_is_trained_on_upright(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (70, 40)).save(tmp_path / "turned.jpg", exif=exif)
    [found] = _find(tmp_path)
    assert (found.height, found.width) == (70, 40)
    assert PixelCache(1 << 20).get(found.path).shape == (70, 40, 3)


def test_a_broken_picture_is_named_and_the_others_are_used(tmp_path):
    make_folder(tmp_path, count=2)
    (tmp_path / "broken.png").write_bytes(b"no picture")
    skipped: list[str] = []
    found = list_training_pictures(tmp_path, min_side_px=16, on_skip=skipped.append)
    assert (len(found.pictures), found.num_small, found.num_unreadable) == (2, 0, 1)
    assert len(skipped) == 1
    assert "broken.png" in skipped[0]


def test_a_folder_that_cannot_be_read_is_named_and_the_others_are_used(tmp_path, monkeypatch):
    make_folder(tmp_path, count=2)
    refuse_folder(monkeypatch, tmp_path / "nested")
    skipped: list[str] = []
    found = list_training_pictures(tmp_path, min_side_px=16, on_skip=skipped.append)
    assert len(found.pictures) == 1
    why = f"{tmp_path / 'nested'}: the folder cannot be read: Permission denied"
    assert skipped == [f"{why}; it is left out"]


def test_no_folder_is_an_error(tmp_path):
    with pytest.raises(TrainingError, match="is not a folder of pictures"):
        _find(tmp_path / "missing")


def test_a_batch_depends_on_its_index_alone(tmp_path):
    pictures = _find(make_folder(tmp_path))

    walked = _dataset(pictures)
    batches = [walked.batch(index) for index in range(3)]
    assert batches[0].hr.shape == (3, 32, 32, 3)
    assert batches[0].lr.shape == (3, 8, 8, 3)
    for ours, again in zip(batches[2], _dataset(pictures).batch(2), strict=True):
        np.testing.assert_array_equal(ours, again)
    assert not np.array_equal(batches[0].hr, batches[1].hr)
    others = [_dataset(pictures, seed=seed).batch(0).hr for seed in (1, -1, -2, 2**70)]
    assert not any(np.array_equal(one, other) for one, other in combinations([batches[0].hr, *others], 2))


def test_a_picture_that_breaks_off_is_told_once_and_passed_over(tmp_path):
    pictures = _find(make_folder(tmp_path))
    broken = pictures[0].path
    broken.write_bytes(broken.read_bytes()[:-2000])
    told: list[str] = []
    dataset = _dataset(pictures, on_skip=told.append)
    for index in range(8):
        assert dataset.batch(index).hr.shape == (3, 32, 32, 3)
    assert len(told) == 1
    assert str(broken) in told[0]


def test_a_picture_that_has_become_too_small_is_told_once_and_passed_over(tmp_path):
    pictures = _find(make_folder(tmp_path))
    cropped = pictures[0].path
    smooth_noise(80, 31, seed=0).save(cropped)
    told: list[str] = []
    dataset = _dataset(pictures, on_skip=told.append)
    for index in range(8):
        assert dataset.batch(index).hr.shape == (3, 32, 32, 3)
    assert told == [f"{cropped} is smaller than it was; it is left out"]


def test_crops_are_taken_from_a_picture_as_it_is_now(tmp_path):
    [picture] = _find(make_folder(tmp_path, count=1, height=60, width=400))
    smooth_noise(400, 60, seed=0).save(picture.path)
    dataset = _dataset([picture], on_skip=pytest.fail)
    for index in range(8):
        assert dataset.batch(index).hr.shape == (3, 32, 32, 3)


def test_nothing_but_broken_pictures_is_an_error_and_not_a_loop(tmp_path):
    pictures = _find(make_folder(tmp_path, count=1))
    pictures[0].path.write_bytes(pictures[0].path.read_bytes()[:-2000])
    with pytest.raises(TrainingError, match="not held aside for validation none can be used"):
        _dataset(pictures).batch(0)


def test_the_cache_stays_within_its_bytes(tmp_path):
    pictures = _find(make_folder(tmp_path, count=4))
    one = 80 * 96 * 3
    cache = PixelCache(2 * one)
    for picture in [*pictures, *pictures]:
        assert cache.get(picture.path).nbytes == one
        assert cache.held_bytes <= 2 * one


def test_a_picture_that_the_cache_has_no_room_for_is_not_held(tmp_path):
    [picture] = _find(make_folder(tmp_path, count=1))
    cache = PixelCache(80 * 96 * 3 - 1)
    assert cache.get(picture.path).shape == (80, 96, 3)
    assert cache.held_bytes == 0


def test_where_memory_runs_out_the_cache_gives_up_its_own(tmp_path, monkeypatch):
    first, second = _find(make_folder(tmp_path, count=2))
    cache = PixelCache(1 << 20)
    cache.get(first.path)

    def read_with_room(path: Path):
        if cache.held_bytes:
            raise UnsupportedImage("too little memory") from MemoryError()
        return read_colours(path)

    monkeypatch.setattr("infdit_cli.training.dataset.read_colours", read_with_room)
    assert cache.get(second.path).shape == (80, 96, 3)
    assert cache.held_bytes == 80 * 96 * 3


def test_a_crop_does_not_hold_its_picture(tmp_path):
    dataset = _dataset(_find(make_folder(tmp_path)))
    assert dataset._crop(np.random.default_rng(0)).base is None
