"""The image tower's input against the original's, pixel by pixel."""

import pytest
import torch
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


@pytest.mark.parametrize("size", [(1, 1), (1, 50), (50, 1), (7, 300)])
def test_any_size_is_covered(size):
    assert tower_input(torch.zeros(1, 3, *size), 32).shape == (1, 3, 32, 32)
