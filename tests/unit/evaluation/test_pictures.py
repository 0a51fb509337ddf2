"""Which files are taken, and what becomes of unusual ones."""

import os

import numpy as np
import pytest
from PIL import Image

from infdit_cli.errors import UnreadableImage, UnsupportedImage
from infdit_cli.evaluation.pictures import list_truths, read_truth
from support.photos import make_folder, smooth_noise


def names(folder):
    return [path.relative_to(folder).as_posix() for path in list_truths(folder, on_problem=pytest.fail)]


def test_folders_below_count_and_hidden_files_do_not(tmp_path):
    make_folder(tmp_path, count=2)
    for hidden in ("._picture-0.png", ".cache/thumb.png"):
        path = tmp_path / hidden
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    (tmp_path / "notes.txt").write_text("no picture")
    (tmp_path / "folder.png").mkdir()
    assert names(tmp_path) == ["nested/picture-1.png", "picture-0.png"]


def test_a_hidden_folder_may_be_named(tmp_path):
    assert names(make_folder(tmp_path / ".photos", count=1)) == ["picture-0.png"]


def test_an_empty_and_a_missing_folder_are_errors(tmp_path):
    with pytest.raises(UnreadableImage, match="holds no pictures") as caught:
        list_truths(tmp_path, on_problem=pytest.fail)
    assert ".avif" in caught.value.hint
    with pytest.raises(UnreadableImage, match="is not a folder"):
        list_truths(tmp_path / "missing", on_problem=pytest.fail)


def test_links_that_cannot_be_followed_are_listed_and_refused_when_read(tmp_path, monkeypatch):
    make_folder(tmp_path, count=1)
    (tmp_path / "loop.png").symlink_to("loop.png")
    (tmp_path / "closed.png").symlink_to("closed/x.png")
    refuse(monkeypatch, tmp_path / "closed.png")
    assert names(tmp_path) == ["closed.png", "loop.png", "picture-0.png"]
    for name in ("closed.png", "loop.png"):
        with pytest.raises(UnreadableImage, match=name):
            read_truth(tmp_path / name, 4)


def test_a_folder_that_cannot_be_looked_at_is_an_error(tmp_path, monkeypatch):
    refuse(monkeypatch, tmp_path)
    with pytest.raises(UnreadableImage, match="is not a folder"):
        list_truths(tmp_path, on_problem=pytest.fail)


def refuse(monkeypatch, closed):
    """Answer as where one may not look; permissions hold nothing back from root."""
    real = os.stat

    def stat(path, *args, **options):
        if os.fspath(path) == str(closed) and options.get("follow_symlinks", True):
            raise PermissionError(13, "Permission denied")
        return real(path, *args, **options)

    monkeypatch.setattr(os, "stat", stat)


def test_right_and_bottom_are_cut_to_whole_lr_pixels(tmp_path):
    smooth_noise(67, 90, seed=1).save(tmp_path / "a.png")
    truth = read_truth(tmp_path / "a.png", 4)
    with Image.open(tmp_path / "a.png") as image:
        np.testing.assert_array_equal(truth, np.asarray(image)[:64, :88])


def test_16_bits_become_the_nearest_of_8(tmp_path):
    deep = np.linspace(0, 65535, 64 * 64).round().astype(np.uint16).reshape(64, 64)
    Image.fromarray(deep).save(tmp_path / "a.png")
    truth = read_truth(tmp_path / "a.png", 4)
    assert truth.dtype == np.uint8
    np.testing.assert_array_equal(truth[..., 0], np.rint(deep / 257).astype(np.uint8))


def test_alpha_and_palettes_leave_the_colours(tmp_path):
    colours = smooth_noise(64, 64, seed=1)
    half = colours.convert("RGBA")
    half.putalpha(128)
    half.save(tmp_path / "alpha.png")
    np.testing.assert_array_equal(read_truth(tmp_path / "alpha.png", 4), np.asarray(colours))
    palette = colours.quantize(16)
    palette.save(tmp_path / "palette.png")
    np.testing.assert_array_equal(read_truth(tmp_path / "palette.png", 4), np.asarray(palette.convert("RGB")))


def test_pictures_that_are_damaged_or_too_small_are_refused(tmp_path):
    (tmp_path / "broken.png").write_bytes(b"x")
    with pytest.raises(UnreadableImage, match=r"broken\.png"):
        read_truth(tmp_path / "broken.png", 4)
    smooth_noise(64, 63, seed=1).save(tmp_path / "small.png")
    with pytest.raises(UnsupportedImage, match=r"small\.png: 63 x 64 pixels are too few"):
        read_truth(tmp_path / "small.png", 4)
