"""``compact-restore`` and ``--restore``: what is damage goes, at the usual size and at the picture's own."""

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from infdit_cli import app

PHOTO = Path(__file__).parents[2] / "examples" / "coffee.png"
NOISE_LEVELS = 10


@pytest.fixture
def pictures(tmp_path):
    """Save part of a photo, and the same with noise and through JPEG; return both paths."""
    with Image.open(PHOTO) as photo:
        clean = photo.convert("RGB").crop((0, 0, 96, 96))
    noise = np.random.default_rng(0).normal(0, NOISE_LEVELS, (96, 96, 3))
    noisy = Image.fromarray((np.asarray(clean) + noise).clip(0, 255).astype(np.uint8))
    clean.save(tmp_path / "clean.png")
    noisy.save(tmp_path / "noisy.jpg", quality=80)
    return tmp_path / "clean.png", tmp_path / "noisy.jpg"


def upscaled(source, weights, *argv):
    path = source.with_name(f"{weights}_{source.stem}.png")
    command = ["upscale", source, "-o", path, "--weights", weights, "--device", "cpu", "--overwrite", *argv]
    assert app.run([str(each) for each in command]) == 0
    return np.asarray(Image.open(path), dtype=np.float64)


def error(one, other):
    return np.sqrt(np.mean((one - other) ** 2))


@pytest.mark.parametrize("steps", [[], ["--steps", 1]], ids=["default", "1 step"])
def test_noise_and_jpeg_blocks_go(pictures, steps):
    clean, noisy = pictures
    truth = upscaled(clean, "compact", "--steps", 0)
    kept = error(upscaled(noisy, "compact", "--steps", 0, "--restore", 0), truth)
    assert error(upscaled(noisy, "compact-restore", *steps), truth) < 0.85 * kept


def test_at_its_own_size_a_picture_is_cleaned(pictures):
    clean, noisy = pictures
    truth, before = (np.asarray(Image.open(path), dtype=np.float64) for path in (clean, noisy))
    cleaned = upscaled(noisy, "compact-restore", "--scale", 1)
    assert error(cleaned, truth) < 0.85 * error(before, truth)


def test_all_of_restoring_is_the_model_that_restores(pictures):
    _, noisy = pictures
    mixed, whole = upscaled(noisy, "compact", "--restore", 1), upscaled(noisy, "compact-restore")
    assert np.array_equal(mixed, whole)


def test_half_of_restoring_lies_between_none_and_all(pictures):
    clean, noisy = pictures
    truth = upscaled(clean, "compact", "--steps", 0)
    none, half, whole = (
        upscaled(noisy, "compact", "--steps", 0, "--restore", share) for share in (0, 0.5, 1)
    )
    assert error(half, truth) < 0.95 * error(none, truth)
    assert 0 < error(half, none) < error(whole, none)


def test_a_report_says_how_much_was_restored(pictures, capsys):
    _, noisy = pictures
    upscaled(noisy, "compact", "--steps", 0, "--restore", 0.25, "--json")
    report = json.loads(capsys.readouterr().out)["result"]
    assert (report["weights"], report["restore"]) == ("compact", 0.25)


def test_each_picture_of_a_batch_is_restored_by_its_own_quality(pictures, capsys):
    clean, noisy = pictures
    command = ["upscale", clean, noisy, "-o", clean.parent / "out", "--steps", 0, "--device", "cpu", "--json"]
    assert app.run([str(each) for each in command]) == 0
    reports = [json.loads(line)["result"] for line in capsys.readouterr().out.splitlines()[:2]]
    assert [report["restore"] for report in reports] == [0, 0.25]


@pytest.mark.parametrize(("argv", "notes"), [([], 1), (["--restore", 0.25], 0), (["--quiet"], 0)], ids=str)
def test_restoring_that_nobody_asked_for_is_told(pictures, capsys, argv, notes):
    _, noisy = pictures
    upscaled(noisy, "compact", "--steps", 0, *argv)
    assert capsys.readouterr().err.count("note: a slightly compressed JPEG: cleaned with --restore") == notes


def test_restoring_a_picture_from_a_pipe_is_told(pictures, monkeypatch, capsys):
    clean, noisy = pictures
    with noisy.open("rb") as stdin:
        monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=stdin, isatty=lambda: False))
        command = ["upscale", "-", "-o", clean.with_name("out.png"), "--steps", 0, "--device", "cpu"]
        assert app.run([str(each) for each in command]) == 0
    assert "note: a slightly compressed JPEG: cleaned with --restore 0.25" in capsys.readouterr().err


def test_a_batch_counts_what_it_restored(pictures, capsys):
    clean, noisy = pictures
    command = ["upscale", clean, noisy, "-o", clean.parent / "out", "--steps", 0, "--device", "cpu"]
    assert app.run([str(each) for each in command]) == 0
    err = capsys.readouterr().err
    assert "note: " not in err
    assert "2  1 compressed JPEG cleaned with --restore 0.25" in err


@pytest.mark.parametrize(("restore", "fidelity"), [(0, 1), (0.25, 0.75), (1, 0)])
def test_what_is_taken_out_is_not_put_back(pictures, capsys, restore, fidelity):
    clean, _ = pictures
    command = ["plan", clean, "--scale", 2, "--restore", restore, "--device", "cpu", "--json"]
    assert app.run([str(each) for each in command]) == 0
    assert json.loads(capsys.readouterr().out)["result"]["fidelity"] == fidelity


def test_how_much_was_restored_is_in_the_output(pictures):
    _, noisy = pictures
    upscaled(noisy, "compact", "--steps", 0)
    with Image.open(noisy.with_name("compact_noisy.png")) as picture:
        assert 'infdit:Restore="0.25"' in str(picture.info["xmp"])
