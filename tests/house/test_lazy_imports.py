"""The help must come at once, and lists nearly so: what is heavy is imported only where it works."""

import subprocess
import sys

import pytest

from support.entries import make_settings, use_settings
from support.photos import smooth_noise

HEAVY = {"torch", "numpy", "PIL", "pyvips", "open_clip", "skimage", "scipy", "huggingface_hub", "safetensors"}
HEAVY |= {"diffusers", "matplotlib", "pi_heif"}

PROBE = """
import sys
from infdit_cli.app import run
code = run(sys.argv[1:])
print(*sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr)
sys.exit(code)
"""


def imported_by(*argv, code=0):
    command = [sys.executable, "-c", PROBE, *argv]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    return set(done.stderr.splitlines()[-1].split())


@pytest.mark.parametrize(
    "argv",
    [
        ["--help"],
        ["--version"],
        ["upscale", "--help"],
        ["train", "-h"],
        ["eval", "-h"],
        ["doctor", "--help"],
        ["bench", "--help"],
        ["weights", "pull", "-h"],
    ],
    ids=" ".join,
)
def test_help_imports_nothing_heavy(argv):
    imported = imported_by(*argv)
    assert "typer" in imported
    assert imported & HEAVY == set()


def test_looking_at_weights_needs_no_torch(monkeypatch, tmp_path):
    use_settings(monkeypatch, make_settings(tmp_path))
    for argv in (["weights", "list"], ["weights", "path", "compact"], ["weights", "verify"]):
        assert "torch" not in imported_by(*argv)


@pytest.mark.parametrize("command", ["upscale", "plan"])
def test_a_missing_input_is_told_before_torch_is_loaded(tmp_path, command):
    assert "torch" not in imported_by(command, str(tmp_path / "missing.png"), code=3)


def test_upscaling_with_the_packaged_model_needs_no_client_of_the_hub_and_no_decoder_of_other_formats(
    tmp_path,
):
    smooth_noise(16, 16, seed=0).save(tmp_path / "in.png")
    imported = imported_by("upscale", str(tmp_path / "in.png"), "--steps", "0", "--quiet")
    assert "torch" in imported
    assert imported & {"huggingface_hub", "pi_heif"} == set()


def test_a_process_that_waits_for_others_needs_no_torch(tmp_path):
    (tmp_path / "in").mkdir()
    smooth_noise(16, 16, seed=0).save(tmp_path / "in" / "a.png")
    argv = [
        str(tmp_path / "in"),
        "-o",
        str(tmp_path / "out"),
        "--steps",
        "0",
        "--device",
        "cpu,cpu",
        "--quiet",
    ]
    assert "torch" not in imported_by("upscale", *argv)
    assert (tmp_path / "out" / "a_x4.png").exists()
