"""Other scales than four, and models that see the picture as a whole, on tiny random checkpoints."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from infdit_cli import app
from infdit_cli.conditioning import Guide
from infdit_cli.config import ModelConfig
from infdit_cli.engine import LR_PICTURE_BYTES_PER_PX
from infdit_cli.model import Network
from infdit_cli.upscaling import models
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
@pytest.mark.parametrize(
    ("argv", "made"),
    [
        (["--scale", 2], ("in_x2.png", 26, 36)),
        (["--scale", 3.7], ("in_x3.7.png", 48, 67)),
        (["--scale", 8], ("in_x8.png", 104, 144)),
        (["--long-side", 55], ("in_long55.png", 40, 55)),
        (["--width", 40, "--height", 31], ("in_40x31.png", 31, 40)),
    ],
)
def test_every_size_comes_out_under_its_name_and_leaves_nothing_else(tmp_path, source, config, argv, made):
    weights, (name, *size) = save(tmp_path, config), made
    assert upscale(source, weights, *argv) == 0
    assert pixels(source.with_name(name)).shape == (*size, 3)
    assert sorted(path.name for path in source.parent.iterdir()) == sorted(["in.png", name])


def test_opacity_comes_along_at_any_scale(tmp_path, source):
    with Image.open(source) as image:
        image.putalpha(image.convert("L"))
        image.save(source)
    assert upscale(source, save(tmp_path, RESIDUAL), "--scale", 1.7) == 0
    assert pixels(source.with_name("in_x1.7.png")).shape == (22, 31, 4)


def test_a_size_below_the_pictures_is_refused_and_writes_nothing(tmp_path, source, capsys):
    assert upscale(source, save(tmp_path, RESIDUAL), "--width", 17) == 2
    assert "the picture has 18×13 px and would get 17×12; infdit only enlarges" in capsys.readouterr().err
    assert list(source.parent.iterdir()) == [source]


def test_another_aspect_is_made_and_told(tmp_path, source, capsys):
    assert upscale(source, save(tmp_path, RESIDUAL), "--width", 40, "--height", 40) == 0
    assert "note: 40×40 px has a different aspect ratio from 18×13 px" in capsys.readouterr().err


def test_the_same_size_at_full_fidelity_is_the_input_and_says_so(tmp_path, source, capsys):
    assert upscale(source, save(tmp_path, RESIDUAL), "--scale", 1) == 0
    assert "note: at scale 1 a fidelity of 1 returns the input unchanged" in capsys.readouterr().err
    assert np.abs(pixels(source.with_name("in_x1.png")) - pixels(source)).max() == 0


@pytest.mark.parametrize(
    ("config", "scale", "default"),
    [(IMAGE, 3, 0), (RESIDUAL, 3, 1), (RESIDUAL, 4, 0), (replace(RESIDUAL, restores=True), 3, 0)],
    ids=["image", "residual, resized", "residual", "restoring, resized"],
)
def test_the_default_fidelity_is_the_models(tmp_path, source, config, scale, default):
    weights = save(tmp_path, config)
    runs = {"plain": [], "none": ["--fidelity", 0], "full": ["--fidelity", 1]}
    for name, argv in runs.items():
        assert upscale(source, weights, "-o", source.with_name(f"{name}.png"), "--scale", scale, *argv) == 0
    plain, none, full = (pixels(source.with_name(f"{name}.png")) for name in runs)
    assert np.abs(none - full).max() > 1
    assert np.abs(plain - (full if default else none)).max() == 0


def test_the_plan_counts_the_pictures_on_the_way(tmp_path, source, capsys):
    weights = save(tmp_path, RESIDUAL)
    plans = {}
    for fidelity in (0, 1):
        argv = [source, "--weights", weights, "--device", "cpu", "--fidelity", fidelity, "--json"]
        assert app.run(["plan", *map(str, argv)]) == 0
        plans[fidelity] = json.loads(capsys.readouterr().out)["result"]
    output = 52 * 72 * 3
    assert plans[0]["disk_bytes"] == output
    assert plans[1]["disk_bytes"] == output + (52 * 72 + 13 * 18) * 12
    assert [plans[n]["fidelity"] for n in plans] == [0, 1]


def test_the_plan_counts_what_looks_at_the_picture_as_a_whole(tmp_path, source, capsys):
    tower = {"visual.a": torch.zeros(25 << 20)}
    weights = save(tmp_path, GUIDED, tower=tower)
    assert app.run(["plan", *map(str, (source, "--weights", weights, "--device", "cpu", "--json"))]) == 0
    [planned] = json.loads(capsys.readouterr().out)["result"]["passes"]
    items = {item["name"]: item["nbytes"] for item in planned["items"]}
    stays = {"program and picture", "weights", "output", "CLIP, alpha or encoder"}
    free = sum(nbytes for name, nbytes in items.items() if name not in stays)
    wanted = Guide(EMBED_DIM, tower=tower).nbytes + 13 * 18 * LR_PICTURE_BYTES_PER_PX
    assert items["CLIP, alpha or encoder"] == wanted - free


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
    error = capsys.readouterr().err
    assert "tiny has no global vector" in error
    assert "--weights inf-dit takes words" in error
    assert [path.name for path in source.parent.iterdir()] == ["in.png"]


def test_a_missing_image_tower_is_two_lines_and_code_5_offline(tmp_path, source):
    weights = save(tmp_path, GUIDED)
    command = [sys.executable, "-m", "infdit_cli", "upscale", str(source), "--weights", str(weights)]
    offline = os.environ | {"HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path / "hub")}
    done = subprocess.run(command, env=offline, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 5
    error, hint = done.stderr.splitlines()
    assert error.startswith("infdit: error: open_clip's ViT-L-14")
    assert hint.startswith("hint: with a network, run: hf download laion/CLIP-ViT-L-14")
    assert [path.name for path in source.parent.iterdir()] == ["in.png"]
