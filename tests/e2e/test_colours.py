"""Colours do not drift: shrunk again, the packaged model's output is the input."""

import numpy as np
import pytest
import torch
from PIL import Image

from infdit_cli.api.upscale import upscale
from infdit_cli.config import UpscaleOptions
from infdit_cli.engine import Missing, TensorSource, whole
from infdit_cli.images import to_model
from infdit_cli.target import Target

SIZE = (31, 42)
ROWS, COLS = np.mgrid[0 : 1 : SIZE[0] * 1j, 0 : 1 : SIZE[1] * 1j]


def painted(*planes):
    return np.rint(np.stack([np.broadcast_to(plane, SIZE) for plane in planes], axis=2) * 255).astype(
        np.uint8
    )


PICTURES = {
    "black": painted(0, 0, 0),
    "white": painted(1, 1, 1),
    "grey": painted(0.5, 0.5, 0.5),
    "red": painted(1, 0, 0),
    "skin": painted(0.88, 0.67, 0.55),
    "gradient": painted(ROWS, COLS, 1 - ROWS),
    "dark gradient": painted(0.1 * COLS, 0.1 * COLS, 0.05 * ROWS),
    "black and white halves": painted(*[np.where(COLS < 0.5, 0.0, 1.0)] * 3),
}


@pytest.mark.parametrize("scale", [1.5, 4.0, 4.7])
@pytest.mark.parametrize("fidelity", [0.0, 1.0])
@pytest.mark.parametrize("steps", [0, 1])
def test_colours_do_not_drift(tmp_path, steps, fidelity, scale):
    for name, pixels in PICTURES.items():
        source, out = tmp_path / f"{name}.png", tmp_path / f"{name}-out.png"
        Image.fromarray(pixels).save(source)
        options = UpscaleOptions(target=Target(scale=scale), steps=steps, fidelity=fidelity, device="cpu")
        upscale(source, out, options, on_event=lambda _: None)
        assert drift(pixels, out) < 0.01, f"{name} drifts"


def drift(pixels, path):
    """Return the mean difference between input and output at the input's size, as a share of the range."""
    with Image.open(path) as image:
        made = TensorSource(torch.from_numpy(to_model(np.asarray(image)))[None])
    return (
        whole(Missing(TensorSource(torch.from_numpy(to_model(pixels))[None]), made)).abs().mean().item() / 2
    )
