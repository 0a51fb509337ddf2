"""What an output lacks of its input, and what putting it back does."""

import pytest
import torch

from infdit_cli.engine import Corrected, Missing, Resized, TensorSource, whole
from infdit_cli.geometry import Size
from infdit_cli.resampling import BICUBIC
from support.pipelines import random_lr

SOURCE = TensorSource(random_lr(13, 18))
SIZES = [Size(13, 18), Size(20, 27), Size(52, 72), Size(60, 80)]


def made_of(size):
    """Return an output that resembles the input and is a good deal off."""
    faithful = whole(Resized(SOURCE, size, BICUBIC))
    return TensorSource(faithful + 0.2 * random_lr(*size, seed=5))


def lacking(made):
    return whole(Missing(SOURCE, made)).square().mean().sqrt().item()


def corrected(made, fidelity):
    missing = TensorSource(whole(Missing(SOURCE, made)))
    return Corrected(made, missing, fidelity)


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_more_fidelity_leaves_less_lacking(size):
    made = made_of(size)
    left = [lacking(TensorSource(whole(corrected(made, fidelity)))) for fidelity in (0, 0.5, 1)]
    assert left[0] == pytest.approx(lacking(made))
    assert left[2] < 0.6 * left[0]
    assert left[2] < left[1] < left[0]


def test_nothing_is_put_back_where_nothing_lacks():
    made = TensorSource(torch.full((1, 3, 52, 72), 0.25))
    missing = Missing(TensorSource(torch.full((1, 3, 13, 18), 0.25)), made)
    torch.testing.assert_close(whole(missing), torch.zeros(1, 3, 13, 18), rtol=0, atol=1e-6)


def test_at_the_same_size_full_fidelity_gives_back_the_input():
    made = made_of(Size(13, 18))
    torch.testing.assert_close(whole(corrected(made, 1.0)), whole(SOURCE), rtol=0, atol=1e-6)
