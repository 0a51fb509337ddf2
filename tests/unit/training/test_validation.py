"""The PSNR that chooses the best number of steps."""

import pytest
import torch

from infdit_cli.training.validation import ValidationPair, mean_psnr, psnr_y, scores_at

FLAT = torch.full((1, 3, 16, 16), 150 / 127.5 - 1)


def test_an_exact_picture_counts_no_more_than_one_that_is_rounded():
    assert psnr_y(FLAT, FLAT) == pytest.approx(58.92, abs=0.01)


def test_a_flat_picture_that_comes_back_exactly_does_not_outweigh_the_others():
    noise = torch.rand((1, 3, 16, 16), generator=torch.Generator().manual_seed(0)) * 2 - 1
    pairs = [ValidationPair(hr=hr, lr=hr, lanczos_db=0.0) for hr in (FLAT, *[noise] * 11)]
    level = torch.tensor(2 / 255)
    exact_on_flat = mean_psnr(pairs, lambda lr: lr if lr is FLAT else lr * 0.9)
    better_elsewhere = mean_psnr(pairs, lambda lr: lr + level if lr is FLAT else lr * 0.92)
    assert better_elsewhere > exact_on_flat


def test_each_measure_has_its_mean_after_each_number_of_steps():
    black = torch.zeros((1, 3, 16, 16))
    pairs = [ValidationPair(hr=black + level, lr=black, lanczos_db=0.0) for level in (0.0, 0.5)]
    upscaled = []

    def upscale(steps, lr):
        upscaled.append(steps)
        return lr + steps

    def missing(picture, truth):
        return float((truth - picture).mean())

    scores = scores_at((0, 2), upscale, pairs, missing, lambda *_: 7.0)
    assert scores == [((0, 0.25), (2, -1.75)), ((0, 7.0), (2, 7.0))]
    assert upscaled == [0, 0, 2, 2], "once for all measures"
