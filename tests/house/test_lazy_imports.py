"""The help must come at once, so nothing heavy is imported for it."""

import subprocess
import sys

import pytest

HEAVY = {"torch", "numpy", "PIL", "pyvips", "open_clip", "skimage", "scipy", "huggingface_hub", "safetensors"}

PROBE = """
import sys
from infdit_cli.app import run
code = run(sys.argv[1:])
print(*sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr)
sys.exit(code)
"""


@pytest.mark.parametrize(
    "argv",
    [
        ["--help"],
        ["--version"],
        ["upscale", "--help"],
        ["train", "-h"],
        ["eval", "-h"],
        ["weights", "pull", "-h"],
    ],
    ids=" ".join,
)
def test_help_imports_nothing_heavy(argv):
    command = [sys.executable, "-c", PROBE, *argv]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    imported = set(done.stderr.split())
    assert "typer" in imported
    assert imported & HEAVY == set()
