"""What the base reads around a part, and where the picture ends."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from PIL import Image

from infdit_cli.config import BaseConfig
from infdit_cli.engine import TensorSource
from infdit_cli.engine.base_window import EDGE_PX, base_window
from infdit_cli.engine.enlarged import Enlarged
from infdit_cli.geometry import Rect, Size
from infdit_cli.model import Network
from infdit_cli.weights import open_weights
from support.pipelines import CPU, RESIDUAL, random_lr, random_network, whole_base

EXAMPLES = Path(__file__).parents[3] / "examples"
PICTURE = Size(100, 60)
DEEP = replace(RESIDUAL, base=BaseConfig(channels=8, num_blocks=8))


@pytest.mark.parametrize(
    ("rect", "expected"),
    [
        (Rect(40, 30, 50, 31), Rect(21, 11, 69, 50)),
        (Rect(0, 0, 100, 60), Rect(-8, -8, 108, 68)),
        (Rect(15, 0, 30, 60), Rect(-4, -8, 49, 68)),
        (Rect(90, 50, 100, 60), Rect(71, 31, 108, 68)),
    ],
)
def test_a_window_has_the_halo_inside_the_picture_and_a_frame_beyond(rect: Rect, expected: Rect) -> None:
    assert base_window(rect, PICTURE, BaseConfig(num_blocks=8)) == expected


@pytest.mark.parametrize("rect", [Rect(0, 0, 20, 40), Rect(50, 70, 124, 160), Rect(90, 10, 95, 13)], ids=str)
def test_a_base_that_sees_beyond_the_frame_makes_the_same_of_a_part(rect: Rect) -> None:
    network, lr = random_network(DEEP), random_lr(31, 40)
    assert network.base.config.halo_px > EDGE_PX
    part = Enlarged(TensorSource(lr), network.base, CPU).read(rect)
    expected = whole_base(network, lr).image[:, :, rect.rows, rect.cols]
    torch.testing.assert_close(part, expected, atol=1e-5 * float(expected.abs().max()), rtol=0)


@pytest.mark.parametrize("name", ["raccoon.png", "coffee.png"])
def test_what_lies_beyond_the_frame_is_not_seen_in_a_picture(name: str) -> None:
    checkpoint = open_weights("compact")
    base = Network.from_tensors(checkpoint.config, checkpoint.tensors).base
    pixels = torch.from_numpy(np.array(Image.open(EXAMPLES / name).convert("RGB"))[:40, :50])
    lr = pixels.permute(2, 0, 1)[None] / 127.5 - 1
    halo = base.config.halo_px
    with torch.inference_mode():
        whole = base(F.pad(lr, (halo,) * 4, mode="replicate")).image
    expected = whole[:, :, 4 * halo : -4 * halo, 4 * halo : -4 * halo]
    made = Enlarged(TensorSource(lr), base, CPU).read(Rect(0, 0, 160, 200))
    assert (made - expected).abs().max() * 127.5 < 0.5
