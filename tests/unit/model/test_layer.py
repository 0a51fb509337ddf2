"""GELU as the MLP computes it."""

import torch
from torch.nn import functional as F

from infdit_cli.model.layer import gelu


def test_gelu_is_its_tanh_approximation_and_leaves_its_input_alone():
    x = torch.linspace(-30, 30, 10_001)
    before = x.clone()
    with torch.no_grad():
        torch.testing.assert_close(gelu(x), F.gelu(x, approximate="tanh"), rtol=0, atol=2e-6)
    assert torch.equal(x, before)


def test_gelu_has_gradients():
    x = torch.linspace(-3, 3, 31, requires_grad=True)
    gelu(x).sum().backward()
    assert x.grad[0] < 0 < x.grad[-1]
