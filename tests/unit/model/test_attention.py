"""The kernel seam against softmax written out."""

import torch

from infdit_cli.model.attention import attend
from support.closeness import assert_close


def test_attention_is_softmax_of_scaled_products():
    generator = torch.Generator().manual_seed(0)
    q, k, v = (torch.randn(2, 1, 3, 2, tokens, 8, generator=generator) for tokens in (5, 20, 20))
    weights = torch.softmax(q @ k.mT / 8**0.5, dim=-1)
    assert_close(attend(q, k, v), weights @ v, "kernel")


def test_blocks_do_not_see_each_other():
    generator = torch.Generator().manual_seed(0)
    q, k, v = (torch.randn(1, 2, 2, 2, 4, 8, generator=generator) for _ in range(3))
    before = attend(q, k, v)
    v[:, 0, 0] += 1
    after = attend(q, k, v)
    assert (after[:, 0, 0] - before[:, 0, 0]).min() > 0.9
    assert torch.equal(after[:, 1], before[:, 1])
    assert torch.equal(after[:, 0, 1], before[:, 0, 1])
