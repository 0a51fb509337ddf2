"""The best product of matrices is looked for where it may be found, and no longer."""

import pytest
import torch

from infdit_cli.engine import matrix_flops_per_s, matrix_peak

CPU = torch.device("cpu")


@pytest.mark.parametrize(
    ("seconds", "best", "tried"),
    [
        ((0.5,), 2 * 512**3 / 0.5, 1),
        ((0.001, 0.004, 0.2), 2 * 1024**3 / 0.004, 3),
        ((1e-5, 1e-5, 1e-5, 1e-5, 1e-5), 2 * 8192**3 / 1e-5, 5),
    ],
    ids=["slow at once", "slower when larger", "never slow"],
)
def test_larger_ones_are_tried_until_one_takes_long(monkeypatch, seconds, best, tried):
    taken = []

    def product_s(side, device, dtype):
        taken.append(side)
        return seconds[len(taken) - 1]

    monkeypatch.setattr(matrix_peak, "_product_s", product_s)
    assert matrix_flops_per_s(CPU, torch.float32) == best
    assert len(taken) == tried


def test_a_real_device_reaches_something(monkeypatch):
    monkeypatch.setattr(matrix_peak, "SIDES", (8, 16))
    assert matrix_flops_per_s(CPU, torch.bfloat16) > 0
