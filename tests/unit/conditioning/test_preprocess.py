"""The image tower's input against the original's, pixel by pixel."""

import pytest
import torch
import torch.nn.functional as F
from safetensors.torch import load_file

from infdit_cli.conditioning import tower_input
from support.closeness import assert_close
from support.golden import PARITY, load_case

CASES = load_file(PARITY / "preprocess.safetensors")
SIDE = 224


def picture(name):
    """Return a case's 8-bit picture as the original reads it."""
    return (CASES[f"{name}.image_u8"].permute(2, 0, 1)[None].float() / 255) * 2 - 1


@pytest.mark.parametrize("name", ["clip_small", "clip_tall", "clip_wide"])
def test_the_towers_input_is_the_originals(name):
    made = tower_input(picture(name), SIDE)
    assert made.shape == (1, 3, SIDE, SIDE)
    assert_close(made[:, :, ::8, ::8], CASES[f"{name}.out_every_8th"], "resized", name)


@pytest.mark.parametrize("name", ["e2e_scale2", "e2e_scale4"])
def test_the_lr_picture_of_a_run_becomes_the_originals_input(name):
    case = load_case("A", name)
    assert_close(tower_input(case["lr"], 32), case["clip_input"], "resized", name)


@pytest.mark.parametrize("size", [(1, 1000), (3000, 2)])
def test_a_very_long_picture_is_not_enlarged_whole(monkeypatch, size):
    sizes, real = [], F.interpolate
    monkeypatch.setattr(
        F, "interpolate", lambda *args, **how: sizes.append(how["size"]) or real(*args, **how)
    )
    assert tower_input(torch.zeros(1, 3, *size), 32).shape == (1, 3, 32, 32)
    assert [max(each) for each in sizes] == [16 * 32]


@pytest.mark.parametrize("size", [(20, 400), (400, 20)])
def test_the_far_ends_of_a_long_picture_do_not_count(size):
    lr = torch.rand(1, 3, *size, generator=torch.Generator().manual_seed(0))
    whole = F.interpolate(lr, scale_factor=32 / 20, mode="bicubic", antialias=True)
    top, left = ((length * 32 // 20 - 32) // 2 for length in size)
    expected = tower_input(whole[:, :, top : top + 32, left : left + 32], 32)
    torch.testing.assert_close(tower_input(lr, 32), expected, atol=1e-4, rtol=0)


@pytest.mark.parametrize("size", [(1, 1), (1, 50), (50, 1), (7, 300)])
def test_any_size_is_covered(size):
    assert tower_input(torch.zeros(1, 3, *size), 32).shape == (1, 3, 32, 32)
