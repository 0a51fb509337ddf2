"""Losses on patterns made by hand."""

import pytest
import torch

from infdit_cli.training.loss import repeated_pattern, unlike_gradients, unlike_spectra

PATCH = 8
BLOCK = 32


def test_the_same_texture_in_every_patch_is_found_whole():
    texture = torch.randn(PATCH, PATCH, generator=torch.Generator().manual_seed(0))
    error = texture.repeat(8, 8).expand(2, 3, -1, -1)
    assert float(repeated_pattern(error, PATCH)) == pytest.approx(float(texture.square().mean().sqrt()))


def test_texture_that_differs_between_patches_hardly_counts():
    error = torch.randn(2, 3, 128, 128, generator=torch.Generator().manual_seed(0))
    assert float(repeated_pattern(error, PATCH)) < 0.1


def test_the_truth_has_the_gradients_of_the_truth():
    picture = torch.rand(1, 3, 64, 96, generator=torch.Generator().manual_seed(0))
    assert float(unlike_gradients(picture, picture, BLOCK)) == 0


@pytest.mark.parametrize("axis", [2, 3])
def test_a_step_along_the_borders_of_blocks_is_found_across_either_axis(axis):
    flat = torch.zeros(1, 3, 96, 96)
    blocks = (torch.arange(96) // BLOCK).float()
    stepped = flat + blocks.view((96, 1) if axis == 2 else (1, 96))
    one_place_of_one_axis = 1 / BLOCK / 2
    assert float(unlike_gradients(stepped, flat, BLOCK)) == pytest.approx(one_place_of_one_axis)


def test_blur_has_too_small_gradients():
    sharp = torch.randn(1, 3, 96, 96, generator=torch.Generator().manual_seed(0))
    blurred = torch.nn.functional.avg_pool2d(sharp, 3, 1, 1)
    assert float(unlike_gradients(blurred, sharp, BLOCK)) > 0.5


def test_the_truth_has_the_spectrum_of_the_truth():
    picture = torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    assert float(unlike_spectra(picture, picture)) == 0


def test_the_stronger_a_mesh_of_single_pixels_the_more_it_counts():
    generator = torch.Generator().manual_seed(0)
    picture = torch.nn.functional.avg_pool2d(torch.randn(1, 3, 68, 68, generator=generator), 5, 1)
    places = torch.arange(64)
    mesh = (1 - 2 * ((places.view(-1, 1) + places) % 2)).float()
    losses = [float(unlike_spectra(picture + strength * mesh, picture)) for strength in (0.0, 0.02, 0.1)]
    assert losses[0] == 0
    assert 0.01 < losses[1] < losses[2]
