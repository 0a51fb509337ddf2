"""A picture enlarged by the base: any window of it is that part of the whole."""

import pytest
import torch

from infdit_cli.engine import TensorSource, whole
from infdit_cli.engine.enlarged import Enlarged
from infdit_cli.geometry import Rect, Size
from support.pipelines import CPU, RESIDUAL, random_lr, random_network, whole_base

NETWORK = random_network(RESIDUAL)
LR = random_lr(31, 23)


def enlarged(lr=LR):
    return Enlarged(TensorSource(lr), NETWORK.base, CPU)


@pytest.mark.parametrize(
    "rect", [Rect(0, 0, 124, 92), Rect(5, 7, 6, 8), Rect(13, 0, 77, 92), Rect(120, 90, 124, 92)], ids=str
)
def test_a_window_is_that_part_of_the_whole(rect):
    expected = whole_base(NETWORK, LR).image[:, :, rect.rows, rect.cols]
    torch.testing.assert_close(enlarged().read(rect), expected, atol=1e-5, rtol=0)


def test_enlarging_twice_is_enlarging_the_enlarged():
    small = random_lr(5, 6)
    twice = Enlarged(enlarged(small), NETWORK.base, CPU)
    assert twice.size == Size(80, 96)
    at_once = whole(Enlarged(TensorSource(whole(enlarged(small))), NETWORK.base, CPU))
    window = Rect(17, 30, 61, 90)
    torch.testing.assert_close(twice.read(window), at_once[:, :, window.rows, window.cols], atol=1e-4, rtol=0)
