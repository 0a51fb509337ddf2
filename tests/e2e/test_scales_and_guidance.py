"""Other scales than four, and models that see the picture as a whole, on tiny random checkpoints."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from infdit_cli import app
from infdit_cli.api import models
from infdit_cli.conditioning import Guide
from infdit_cli.config import ModelConfig
from infdit_cli.model import Network
from infdit_cli.weights import Checkpoint, save_checkpoint
from support.clip import EMBED_DIM, image_tower, tiny_clip
from support.photos import smooth_noise
from support.pipelines import IMAGE, RESIDUAL, random_network, sampler_config

GUIDED = replace(IMAGE, vector_dim=EMBED_DIM)


@cache
def network(config: ModelConfig) -> Network:
    return random_network(config)


def save(folder: Path, config: ModelConfig, *, tower=None) -> Path:
    """Write a tiny model with every weight at random, the same ones each time."""
    path = folder / "tiny.safetensors"
    checkpoint = Checkpoint(
        name="tiny",
        config=config,
        sampler=sampler_config(config, 2),
        tensors=network(config).state_dict(),
        image_tower=tower or {},
    )
    save_checkpoint(checkpoint, path)
    return path


def upscale(source: Path, weights: Path, *options: object) -> int:
    return app.run(["upscale", *map(str, (source, "--weights", weights, "--device", "cpu", *options))])


def pixels(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image).astype(np.float64)


@pytest.fixture
def source(tmp_path) -> Path:
    folder = tmp_path / "pictures"
    folder.mkdir()
    smooth_noise(13, 18, seed=3).save(folder / "in.png")
    return folder / "in.png"


@pytest.mark.parametrize("config", [IMAGE, RESIDUAL], ids=["image", "residual"])
@pytest.mark.parametrize("scale", [2, 4, 8])
def test_every_scale_gives_its_size_and_its_name_and_leaves_nothing_else(tmp_path, source, config, scale):
    weights = save(tmp_path, config)
    assert upscale(source, weights, "--scale", scale) == 0
    assert pixels(source.with_name(f"in_x{scale}.png")).shape == (13 * scale, 18 * scale, 3)
    assert sorted(path.name for path in source.parent.iterdir()) == ["in.png", f"in_x{scale}.png"]


def test_two_times_with_a_base_is_four_times_made_smaller(tmp_path, source):
    weights = save(tmp_path, RESIDUAL)
    for scale in (2, 4):
        assert upscale(source, weights, "--scale", scale) == 0
    large, small = pixels(source.with_name("in_x4.png")), pixels(source.with_name("in_x2.png"))
    squares = large.reshape(26, 2, 36, 2, 3)
    unclipped = ((squares > 0) & (squares < 255)).all(axis=(1, 3))
    assert unclipped.mean() > 0.1
    assert np.abs(squares.mean(axis=(1, 3)) - small)[unclipped].max() <= 1


@pytest.mark.parametrize("sampler", ["heun", "dpmpp-2m"])
def test_a_picture_model_takes_either_sampler(tmp_path, source, sampler):
    weights = save(tmp_path, IMAGE)
    assert upscale(source, weights, "--sampler", sampler, "--steps", 3) == 0


def test_no_steps_and_no_base_is_a_usage_error(tmp_path, source, capsys):
    assert upscale(source, save(tmp_path, IMAGE), "--steps", 0) == 2
    assert "--steps 0 needs a model with a base" in capsys.readouterr().err


def test_a_model_with_an_image_tower_of_its_own_needs_nothing_else(tmp_path, source):
    weights = save(tmp_path, GUIDED, tower=image_tower(tiny_clip()))
    assert upscale(source, weights) == 0
    other = source.with_name("other.png")
    weights = save(tmp_path, GUIDED, tower=image_tower(tiny_clip(seed=1)))
    assert upscale(source, weights, "-o", other) == 0
    assert np.abs(pixels(other) - pixels(source.with_name("in_x4.png"))).max() > 1


def test_words_change_the_picture(tmp_path, source, monkeypatch):
    weights = save(tmp_path, GUIDED, tower=image_tower(tiny_clip()))
    monkeypatch.setattr(models, "Guide", partial(Guide, load=tiny_clip))
    assert upscale(source, weights) == 0
    steered, still = source.with_name("steered.png"), source.with_name("still.png")
    words = ["--toward", "clear, sharp", "--away", "blurry, noisy"]
    assert upscale(source, weights, "-o", steered, *words, "--guidance", "3") == 0
    assert upscale(source, weights, "-o", still, *words, "--guidance", "0") == 0
    plain = pixels(source.with_name("in_x4.png"))
    assert np.abs(pixels(still) - plain).max() <= 1
    assert np.abs(pixels(steered) - plain).max() > 1


def test_words_for_a_model_without_a_vector_are_refused(tmp_path, source, capsys):
    assert upscale(source, save(tmp_path, IMAGE), "--toward", "sharp") == 2
    assert "tiny has no global vector" in capsys.readouterr().err
    assert [path.name for path in source.parent.iterdir()] == ["in.png"]


def test_a_missing_image_tower_is_two_lines_and_code_5_offline(tmp_path, source):
    weights = save(tmp_path, GUIDED)
    command = [sys.executable, "-m", "infdit_cli", "upscale", str(source), "--weights", str(weights)]
    offline = os.environ | {"HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path / "hub")}
    done = subprocess.run(command, env=offline, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 5
    error, hint = done.stderr.splitlines()
    assert error.startswith("infdit: error: ViT-L-14 of open_clip")
    assert hint.startswith("hint: with a network, run: hf download laion/CLIP-ViT-L-14")
    assert [path.name for path in source.parent.iterdir()] == ["in.png"]
