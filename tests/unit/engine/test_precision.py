"""Float32 for a moment."""

import copy

import pytest
import torch

from infdit_cli.engine.precision import Float32Memory, computing_in_float32
from infdit_cli.model import KV, Halo, LRWindow
from support.pipelines import IMAGE, random_lr, random_network

INPUTS = torch.cat((random_lr(32, 48), random_lr(32, 48, seed=2)), dim=1)
C_NOISE, LR = torch.tensor([0.3]), LRWindow(random_lr(8, 12))


def narrow(dtype):
    return random_network(IMAGE).transformer.to(dtype)


def bits(model):
    return {name: each.clone().view(torch.int16) for name, each in model.state_dict().items()}


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
@torch.no_grad()
def test_it_computes_what_a_float32_copy_does_and_leaves_every_bit(dtype):
    model = narrow(dtype)
    before = bits(model)
    expected = copy.deepcopy(model).float()(INPUTS, C_NOISE, LR)
    with computing_in_float32(model):
        result = model(INPUTS, C_NOISE, LR)
    assert result.dtype == torch.float32
    assert torch.equal(result, expected)
    assert {each.dtype for each in model.parameters()} == {dtype}
    assert all(torch.equal(each, before[name]) for name, each in bits(model).items())


@torch.no_grad()
def test_one_layer_at_a_time_is_wide():
    model, most = narrow(torch.bfloat16), 0

    def count(*_):
        nonlocal most
        most = max(most, sum(layer.mlp.up.weight.dtype == torch.float32 for layer in model.layers))

    for layer in model.layers:
        layer.mlp.register_forward_hook(count)
    with computing_in_float32(model):
        model(INPUTS, C_NOISE, LR)
    assert most == 1


@torch.no_grad()
def test_an_error_in_a_layer_leaves_the_network_narrow():
    model = narrow(torch.bfloat16)
    before = bits(model)
    model.layers[1].mlp.register_forward_pre_hook(_fail)
    with pytest.raises(ZeroDivisionError), computing_in_float32(model):
        model(INPUTS, C_NOISE, LR)
    assert all(torch.equal(each, before[name]) for name, each in bits(model).items())


class Remembered:
    def __init__(self, halo):
        self._halo, self.kept = halo, None

    def halo(self, layer):
        return self._halo

    def keep(self, layer, kv):
        self.kept = kv


def test_the_memory_is_wide_inside_and_narrow_outside():
    narrow_kv = KV(torch.ones(1, dtype=torch.float16), torch.ones(1, dtype=torch.float16))
    inner = Remembered(Halo(above=narrow_kv))
    memory = Float32Memory(inner, torch.float16)
    above, left, corner = memory.halo(0)
    assert above.k.dtype == above.v.dtype == torch.float32
    assert left is corner is None
    memory.keep(0, KV(torch.tensor([1e9, 0.5]), torch.tensor([-1e9, 0.25])))
    assert inner.kept.k.dtype == torch.float16
    assert inner.kept.k.tolist() == [65504, 0.5]
    assert inner.kept.v.tolist() == [-65504, 0.25]


def _fail(*_):
    raise ZeroDivisionError
