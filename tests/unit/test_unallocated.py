import subprocess
import sys

import pytest
import torch
from torch import nn

from infdit_cli.unallocated import unallocated

BUILDS_ALL = """
import sys
import torch
from torch import nn
from infdit_cli.unallocated import unallocated

with unallocated():
    torch.randn(2, 3)
    nn.Embedding(4, 8)
    nn.MultiheadAttention(8, 2)
    weight = nn.Conv2d(3, 4, 3).weight
    nn.init.kaiming_normal_(weight)
    nn.init.trunc_normal_(tensor=weight, std=0.02)
print("torch._dynamo" in sys.modules)
"""


def test_tensors_have_shapes_and_no_memory():
    with unallocated():
        module = nn.Sequential(nn.Linear(1 << 20, 1 << 20), nn.Embedding(5, 6))
    assert {name: tuple(each.shape) for name, each in module.named_parameters()} == {
        "0.weight": (1 << 20, 1 << 20),
        "0.bias": (1 << 20,),
        "1.weight": (5, 6),
    }
    assert all(each.is_meta for each in module.parameters())


@pytest.mark.parametrize("fill", [nn.init.normal_, nn.init.xavier_normal_])
def test_what_fills_a_tensor_returns_it(fill):
    with unallocated():
        weight = torch.empty(3, 4)
        assert fill(weight) is weight
        assert weight.normal_() is weight


def test_afterwards_numbers_are_drawn_again():
    with unallocated():
        torch.randn(3)
    assert torch.randn(3).isfinite().all()
    assert nn.init.normal_(torch.zeros(3)).all()


def test_torchs_compiler_is_not_imported():
    ran = subprocess.run([sys.executable, "-c", BUILDS_ALL], capture_output=True, text=True, check=True)
    assert ran.stdout == "False\n"
