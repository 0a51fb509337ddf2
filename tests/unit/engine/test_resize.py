"""Resizing against the original's, and reading no more of a picture than is needed."""

import pytest
import torch
import torch.nn.functional as F
from safetensors.torch import load_file

from infdit_cli.engine import Resized, TensorSource, Upscaler, whole
from infdit_cli.engine.resize import reduced, whole_factor
from infdit_cli.geometry import Rect, Size
from infdit_cli.model import upsample
from infdit_cli.plan import Layout, base
from infdit_cli.resampling import BICUBIC, LANCZOS
from support.closeness import assert_close
from support.golden import PARITY
from support.pipelines import IMAGE, RESIDUAL, random_lr, random_network, sampler_config

ONE_BY_ONE = Layout(order="block", super_block=Size(1, 1))
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


@pytest.mark.parametrize("size", [(66, 40), (11, 7), (33, 20), (50, 31)])
def test_resizing_is_that_of_torch(size):
    source = random_lr(33, 20)
    expected = F.interpolate(source, size=size, mode="bicubic", antialias=True, align_corners=False)
    resized = whole(Resized(TensorSource(source), Size(*size), BICUBIC))
    torch.testing.assert_close(resized, expected, rtol=0, atol=1e-5)


@pytest.mark.parametrize("factor", [0.1, 0.7, 1.3, 4])
def test_a_window_of_a_resized_picture_reads_little(factor):
    source = Watched(4000, 4000)
    size = Size(int(4000 * factor), int(4000 * factor))
    Resized(source, size, LANCZOS).read(Rect(30, 40, 40, 50))
    assert max(source.areas) <= ((10 + 7) * max(1 / factor, 1) + 1) ** 2


@pytest.mark.parametrize(
    ("size", "made", "factor"),
    [
        ((5, 7), (20, 28), 4),
        ((5, 7), (10, 14), 2),
        ((5, 7), (5, 7), 1),
        ((5, 7), (15, 21), None),
        ((5, 7), (20, 27), None),
        ((5, 7), (40, 56), None),
    ],
)
def test_only_divisors_of_the_own_scale_are_whole_factors(size, made, factor):
    assert whole_factor(Size(*size), Size(*made), 4) == factor


@pytest.mark.parametrize(("config", "scale"), [(IMAGE, 1.3), (IMAGE, 2), (IMAGE, 4), (RESIDUAL, 4)])
def test_no_visit_reads_much_of_a_picture(monkeypatch, config, scale):
    monkeypatch.setattr(base, "BAND_BYTES", 1)
    sampler = sampler_config(config, 1)
    upscaler = Upscaler(random_network(config), sampler, device=torch.device("cpu"), dtype=torch.float32)
    source, size = Watched(1000, 1000), Size(int(1000 * scale), int(1000 * scale))
    visits = upscaler.start(source, lambda *_: None, ONE_BY_ONE, size=size).visits
    for _ in range(3):
        next(visits)
    assert 0 < max(source.areas) < 1000 * 1000 / 40
