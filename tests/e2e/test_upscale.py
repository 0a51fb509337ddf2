"""The packaged model on real pictures, through the command line as a user types it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from infdit_cli.evaluation.seams import border_ratio

EXAMPLES = Path(__file__).parents[2] / "examples"
RACCOON = EXAMPLES / "raccoon.png"
BLOCK_PX = 64


def infdit(*arguments: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own."""
    command = [sys.executable, "-m", "infdit_cli", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, timeout=250)


def pixels(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image).astype(np.float64)


@pytest.fixture
def small(tmp_path) -> Path:
    """A corner of the raccoon, 60x52."""
    path = tmp_path / "in.png"
    with Image.open(RACCOON) as image:
        image.crop((60, 40, 120, 92)).save(path)
    return path


def test_a_picture_comes_out_four_times_larger_beside_itself(small: Path):
    done = infdit("upscale", small)
    assert done.returncode == 0, done.stderr
    result = small.with_name("in_x4.png")
    assert done.stdout.strip() == str(result)
    assert done.stderr == ""
    assert pixels(result).shape == (208, 240, 3)
    assert sorted(path.name for path in small.parent.iterdir()) == ["in.png", "in_x4.png"]


def test_the_result_shrinks_back_to_the_input(small: Path, tmp_path):
    for steps in (0, 1):
        infdit("upscale", small, "-o", tmp_path / f"{steps}.png", "--steps", steps)
        with Image.open(tmp_path / f"{steps}.png") as image:
            shrunk = np.asarray(image.resize((60, 52), Image.Resampling.BICUBIC)).astype(np.float64)
        assert np.abs(shrunk - pixels(small)).mean() < 0.01 * 255


@pytest.mark.slow
def test_orders_and_batches_give_the_same_picture(small: Path, tmp_path):
    runs = {"a": ["--order", "step", "--block-batch", "1"], "b": ["--order", "block", "--block-batch", "2x3"]}
    for name, options in runs.items():
        done = infdit("upscale", small, "-o", tmp_path / f"{name}.png", "--steps", 2, *options)
        assert done.returncode == 0, done.stderr
    # Rounding may tip a value over to the next of 256 levels.
    assert np.abs(pixels(tmp_path / "a.png") - pixels(tmp_path / "b.png")).max() <= 1


LONG = [pytest.param(size, marks=pytest.mark.slow) for size in ((1, 20_000), (20_000, 1))]


@pytest.mark.parametrize("size", [(1, 1), (1, 40), (40, 1), (17, 33), *LONG])
def test_every_size_works(tmp_path, size: tuple[int, int]):
    Image.new("RGB", size, (200, 100, 50)).save(tmp_path / "in.png")
    done = infdit("upscale", tmp_path / "in.png", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["result"]["size"] == {"height": 4 * size[1], "width": 4 * size[0]}
    assert np.abs(pixels(tmp_path / "in_x4.png") - [200, 100, 50]).mean() < 0.01 * 255


# Four steps draw grain, which a transformer trained so little cannot help (docs/model-card.md).
@pytest.mark.parametrize(("steps", "most"), [(0, 1.1), (1, 1.1), (4, 1.25)])
def test_a_smooth_gradient_has_no_seams(tmp_path, steps: int, most: float):
    # 16 bits, so that rounding to levels does not hide or feign a step.
    ramp = np.linspace(0, 1, 64)
    gradient = (60 + 60 * ramp[:, None] + 80 * ramp[None, :]) * 257
    Image.fromarray(gradient.round().astype(np.uint16)).save(tmp_path / "in.png")
    done = infdit("upscale", tmp_path / "in.png", "--steps", steps)
    assert done.returncode == 0, done.stderr
    out = pixels(tmp_path / "in_x4.png")
    assert out.shape == (256, 256)
    for axis in (0, 1):
        assert border_ratio(out, axis, block_px=BLOCK_PX) <= most


@pytest.mark.parametrize("steps", [0, 1, 4])
def test_a_flat_picture_stays_flat(tmp_path, steps: int):
    Image.new("RGB", (40, 30), (200, 100, 50)).save(tmp_path / "in.png")
    done = infdit("upscale", tmp_path / "in.png", "--steps", steps)
    assert done.returncode == 0, done.stderr
    assert np.abs(pixels(tmp_path / "in_x4.png") - [200, 100, 50]).max() <= 1


def _broken_inputs(folder: Path) -> dict[str, Path]:
    folder.mkdir()
    paths = {name: folder / f"{name}.png" for name in ("missing", "truncated", "text", "empty")}
    paths["truncated"].write_bytes(RACCOON.read_bytes()[:20_000])
    paths["text"].write_text("this is no picture")
    paths["empty"].write_bytes(b"")
    return paths


def test_bad_input_gives_one_line_and_exit_code_3_and_leaves_nothing(tmp_path):
    for name, path in _broken_inputs(tmp_path / "inputs").items():
        out = tmp_path / name
        out.mkdir()
        done = infdit("upscale", path, "-o", out / "out.png")
        assert done.returncode == 3, f"{name}: {done.stderr}"
        lines = done.stderr.strip().splitlines()
        assert lines[0].startswith("infdit: error: "), done.stderr
        assert path.name in lines[0]
        assert len(lines) == 1 or (len(lines) == 2 and lines[1].startswith("hint: "))
        assert not list(out.iterdir())


@pytest.mark.parametrize("target", ["missing/out.png", "in.png/out.png", "out.xyz", "in.png"])
def test_bad_output_gives_exit_code_4_and_leaves_nothing(small: Path, target: str):
    done = infdit("upscale", small, "-o", small.parent / target)
    assert done.returncode == 4, done.stderr
    assert done.stderr.startswith("infdit: error: ")
    assert [path.name for path in small.parent.iterdir()] == ["in.png"]


def test_an_existing_output_is_kept_unless_told_otherwise(small: Path, tmp_path):
    out = tmp_path / "out.png"
    out.write_bytes(b"precious")
    refused = infdit("upscale", small, "-o", out, "--steps", 0)
    assert refused.returncode == 4
    assert "--overwrite" in refused.stderr
    assert out.read_bytes() == b"precious"
    assert infdit("upscale", small, "-o", out, "--steps", 0, "--overwrite").returncode == 0
    assert pixels(out).shape == (208, 240, 3)
