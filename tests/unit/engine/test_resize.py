"""Resizing against the original's, and reading no more of a picture than is needed."""

import pytest
import torch
from safetensors.torch import load_file

from infdit_cli.engine import Upscaler
from infdit_cli.engine.resize import reduced
from infdit_cli.geometry import Size
from infdit_cli.model import upsample
from infdit_cli.plan import Layout, base
from support.closeness import assert_close
from support.golden import PARITY
from support.pipelines import IMAGE, RESIDUAL, random_network, sampler_config

ONE_BY_ONE = Layout(order="block", batch=Size(1, 1))
CASES = load_file(PARITY / "preprocess.safetensors")


def picture(name):
    return (CASES[f"{name}.image_u8"].permute(2, 0, 1)[None].float() / 255) * 2 - 1


@pytest.mark.parametrize(("name", "scale"), [("up2", 2), ("up4", 4)])
def test_enlarging_is_the_originals(name, scale):
    assert_close(upsample(picture(name), scale), CASES[f"{name}.out"], "resized", name)


def test_shrinking_is_the_originals_and_leaves_the_range():
    made = reduced(picture("down2"), 2)
    assert_close(made, CASES["down2.out"], "resized", "down2")
    assert made.abs().max() > 1


@pytest.mark.parametrize("size", [(1, 1), (1, 9), (3, 1)])
def test_shrinking_leaves_at_least_a_pixel(size):
    assert min(reduced(torch.zeros(1, 3, *size), 2).shape) == 1


class Watched:
    """A picture that keeps the areas of the windows that were read."""

    def __init__(self, height, width):
        self.size = Size(height, width)
        self.areas = []

    def read(self, rect):
        assert rect.within(self.size) == rect
        self.areas.append(rect.size.area)
        return torch.zeros(1, 3, *rect.size)


@pytest.mark.parametrize(("config", "scale"), [(IMAGE, 2), (IMAGE, 4), (RESIDUAL, 4)])
def test_no_visit_reads_much_of_a_picture(monkeypatch, config, scale):
    monkeypatch.setattr(base, "BAND_BYTES", 1)
    sampler = sampler_config(config, 1)
    upscaler = Upscaler(random_network(config), sampler, device=torch.device("cpu"), dtype=torch.float32)
    source = Watched(1000, 1000)
    visits = upscaler.start(source, lambda *_: None, ONE_BY_ONE, scale=scale).visits
    for _ in range(3):
        next(visits)
    assert 0 < max(source.areas) < 1000 * 1000 / 40
