"""The plan's promise: what a process really takes, in processes of their own."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from infdit_cli.config import SamplerConfig
from infdit_cli.model import Network
from infdit_cli.weights import Checkpoint, save_checkpoint
from support.tiny_models import TINY_REFINER

if not sys.platform.startswith("linux"):
    pytest.skip("peaks are read from /proc", allow_module_level=True)

MIB = 1 << 20
# The promise: within a tenth, and a constant for what no plan knows: libraries, threads, freed memory that
# the C library keeps.
SHARE, CONSTANT_BYTES = 0.10, 64 * MIB


def infdit(*arguments: object, limit_kib: int | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "infdit_cli", *map(str, arguments)]
    if limit_kib:
        command = ["bash", "-c", f'ulimit -v {limit_kib}; exec "$@"', "bash", *command]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=280)


def result_of(done: subprocess.CompletedProcess[str]) -> dict:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["result"]


@pytest.fixture
def picture(tmp_path):
    def make(height: int, width: int) -> Path:
        path = tmp_path / f"{width}x{height}.png"
        pixels = np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(path)
        return path

    return make


def smallest_memory(*arguments: object) -> str:
    """Return the amount that a refusal advises, and a little for the next process being another."""
    done = infdit("plan", *arguments, "--memory", "1MiB")
    assert done.returncode == 6, done.stderr
    advised = int(re.search(r"--memory (\d+)MiB", done.stderr)[1])
    return f"{advised + 8}MiB"


@pytest.mark.parametrize("tight", [False, True], ids=["roomy", "tight"])
@pytest.mark.parametrize(
    ("size", "options"),
    [
        pytest.param((40, 56), ["--steps", 1], id="small"),
        pytest.param((256, 256), ["--steps", 0], id="base alone"),
        pytest.param((48, 1024), ["--steps", 5], id="wide, block by block", marks=pytest.mark.slow),
        pytest.param((96, 384), ["--steps", 3, "--order", "step"], id="step by step"),
    ],
)
def test_the_peak_is_what_was_planned(picture, tmp_path, size, options, tight):
    source, out = picture(*size), tmp_path / "out.png"
    if tight:
        options = [*options, "--memory", smallest_memory(source, *options)]
    done = result_of(infdit("upscale", source, "-o", out, *options, "--json"))
    allowed = SHARE * done["planned_bytes"] + CONSTANT_BYTES
    assert abs(done["peak_bytes"] - done["planned_bytes"]) <= allowed


def test_plan_and_upscale_plan_the_same(picture, tmp_path):
    source, out = picture(40, 56), tmp_path / "out.png"
    planned = result_of(infdit("plan", source, "-o", out, "--json"))
    done = result_of(infdit("upscale", source, "-o", out, "--json"))
    assert abs(done["planned_bytes"] - planned["device_bytes"]) <= 8 * MIB  # two processes, never quite alike


@pytest.mark.slow
@pytest.mark.parametrize(("suffix", "options"), [("webp", ["--lossless"]), ("avif", [])])
def test_an_encoder_that_holds_the_picture_is_planned_for(picture, tmp_path, suffix, options):
    source, out = picture(512, 512), tmp_path / f"out.{suffix}"
    options = ["-o", out, "--steps", 0, *options]
    done = result_of(infdit("upscale", source, *options, "--json"))
    assert done["planned_bytes"] > result_of(infdit("plan", source, "--steps", 0, "--json"))["device_bytes"]
    allowed = SHARE * done["planned_bytes"] + CONSTANT_BYTES
    assert abs(done["peak_bytes"] - done["planned_bytes"]) <= allowed
    refused = infdit("upscale", source, *options, "--overwrite", "--memory", "350MiB")
    assert refused.returncode == 6, refused.stderr


def test_dry_run_says_what_plan_says_and_writes_nothing(picture, tmp_path):
    source, out = picture(40, 56), tmp_path / "out.png"
    plan = result_of(infdit("plan", source, "-o", out, "--json"))
    dry_run = result_of(infdit("upscale", source, "-o", out, "--dry-run", "--json"))
    assert not out.exists()
    for each in (plan, dry_run):
        (only,) = each["passes"]
        assert only["num_visits"] == 1
        assert (
            sum(item["nbytes"] for item in only["items"] if item["place"] == "device") == only["device_bytes"]
        )
    assert plan["passes"][0]["block_batch"] == dry_run["passes"][0]["block_batch"]
    assert plan["destination"] == dry_run["destination"] == str(out)


def tiny_weights(folder: Path) -> Path:
    checkpoint = Checkpoint(
        name="tiny",
        config=TINY_REFINER,
        sampler=SamplerConfig(name="dpmpp-2m", steps=1, sigma_min=0.3, sigma_max=4.0),
        tensors=Network(TINY_REFINER).state_dict(),
    )
    path = folder / "tiny.safetensors"
    save_checkpoint(checkpoint, path)
    return path


@pytest.mark.parametrize(
    ("width", "heights", "constant_bytes"),
    # What the C library keeps of freed memory weighs more in small pictures.
    [(2048, (1280, 4096), 32 * MIB), pytest.param(8192, (1024, 8192), 0, marks=pytest.mark.slow)],
)
def test_the_memory_of_block_major_does_not_depend_on_the_height(
    picture, tmp_path, width, heights, constant_bytes
):
    weights = tiny_weights(tmp_path)
    low, high = (
        result_of(
            infdit(
                *("upscale", picture(height // 4, width // 4), "-o", tmp_path / f"{height}.tif"),
                *("--weights", weights, "--order", "block", "--block-batch", "16x16", "--json"),
            )
        )["peak_bytes"]
        for height in heights
    )
    assert high <= 1.05 * low + constant_bytes


def test_under_a_limit_it_finishes_or_refuses_before_it_starts(picture, tmp_path):
    source, out = picture(128, 128), tmp_path / "out.png"
    limit_kib, code = 500_000, 6
    while code == 6:  # what torch alone takes depends on how it was built
        limit_kib = limit_kib * 5 // 4
        done = infdit("upscale", source, "-o", out, limit_kib=limit_kib)
        code = done.returncode
        assert out.exists() == (code == 0)
        assert len(done.stderr.splitlines()) <= 2
        assert limit_kib < 1 << 25, f"32 GiB are said to be too little: {done.stderr}"
    assert code == 0, f"{limit_kib} KiB: {code}: {done.stderr}"
    assert limit_kib > 700_000
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".infdit")]
