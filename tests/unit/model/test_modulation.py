"""Shifts and scales of the adaptive norm."""

import pytest
import torch

from infdit_cli.model.modulation import Modulation, modulated, plain_norm, weighted_norm


@pytest.mark.parametrize("batch", [1, 3])
@pytest.mark.parametrize("make", [plain_norm, weighted_norm])
def test_a_modulated_norm_scales_by_one_plus_scale_and_then_shifts(make, batch):
    generator = torch.Generator().manual_seed(batch)
    norm = make(8)
    for parameter in norm.parameters():
        torch.nn.init.normal_(parameter, generator=generator)
    x = torch.randn(batch, 2, 3, 4, 8, generator=generator)
    shift, scale = torch.randn(2, batch, 1, 1, 1, 8, generator=generator)
    torch.testing.assert_close(modulated(norm, shift, scale)(x), norm(x) * (1 + scale) + shift)


def test_chunks_come_in_order_and_broadcast_over_blocks_and_tokens():
    modulation = Modulation(4, num_chunks=2)
    torch.nn.init.zeros_(modulation.linear.weight)
    modulation.linear.bias.data.copy_(torch.arange(8.0))
    shift, scale = modulation(torch.zeros(3, 4))
    assert shift.shape == (3, 1, 1, 1, 4)
    assert shift[0].flatten().tolist() == [0, 1, 2, 3]
    assert scale[2].flatten().tolist() == [4, 5, 6, 7]


def test_the_condition_passes_an_activation_of_its_own():
    modulation = Modulation(1, num_chunks=1)
    torch.nn.init.ones_(modulation.linear.weight)
    torch.nn.init.zeros_(modulation.linear.bias)
    condition = torch.tensor([[-2.0]])
    torch.testing.assert_close(modulation(condition)[0].flatten(), torch.nn.functional.silu(condition)[0])


def test_plain_norms_have_no_parameters_and_weighted_norms_have_two():
    assert len(list(plain_norm(4).parameters())) == 0
    assert len(list(weighted_norm(4).parameters())) == 2
