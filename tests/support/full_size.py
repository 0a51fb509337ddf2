"""A random checkpoint with every key of the full-size model, and what a process needs to convert and load it.

``python tests/support/full_size.py make|convert|load FILE [FILE]`` prints seconds and peak memory as JSON.
"""

import json
import resource
import sys
import time
from ast import literal_eval
from pathlib import Path

import torch

from infdit_cli.api.acquire import convert_weights
from infdit_cli.model import Network
from infdit_cli.weights import load_checkpoint

KEYS = Path(__file__).parents[1] / "golden" / "parity" / "real_checkpoint_keys.txt"


def full_size_shapes():
    """Return the shape of every tensor of the full-size checkpoint by its key."""
    lines = [line.split("\t") for line in KEYS.read_text().splitlines() if not line.startswith("#")]
    return {key: literal_eval(shape) for key, shape, *_ in lines}


def make(path):
    """Write random bfloat16 values in the layout of a released checkpoint."""
    generator = torch.Generator().manual_seed(0)
    module = {
        key: torch.empty(shape, dtype=torch.bfloat16).normal_(std=0.02, generator=generator)
        for key, shape in full_size_shapes().items()
    }
    torch.save({"module": module}, path)


def convert(source, destination):
    """Convert as ``infdit weights convert`` does."""
    convert_weights(Path(source), Path(destination), like="inf-dit", overwrite=True)


def load(path):
    """Load as ``infdit upscale`` does, in float32."""
    checkpoint = load_checkpoint(Path(path))
    Network.from_tensors(checkpoint.config, checkpoint.tensors)


def main(job, *paths):
    started = time.monotonic()
    {"make": make, "convert": convert, "load": load}[job](*paths)
    figures = {
        "seconds": round(time.monotonic() - started, 1),
        # Mapped pages of the file count, too, although the system may take them back at any time.
        "peak_gb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9, 2),
        "written_gb": round(Path(paths[-1]).stat().st_size / 1e9, 2),
    }
    sys.stdout.write(f"{json.dumps(figures)}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
