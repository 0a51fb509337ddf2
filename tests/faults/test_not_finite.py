"""Numbers beyond a half-precision format are computed again in float32."""

from functools import cache

import pytest
import torch

from infdit_cli.errors import NonFiniteOutput, WeightsError
from support.pipelines import (
    RESIDUAL,
    Places,
    random_lr,
    random_network,
    run_upscaler,
    sampler_config,
    whole_picture,
)
from support.recorded_stores import recorded_stores
from support.trouble import OutOfMemoryAbove, Overflow

SAMPLER, LR = sampler_config(RESIDUAL, 2, "heun"), random_lr(16, 20)
NAN, INF = float("nan"), float("inf")


def run(network, *, dtype=torch.bfloat16, notes=None, **options):
    notes = [] if notes is None else notes
    return run_upscaler(
        network, SAMPLER, LR, super_block=(2, 2), dtype=dtype, on_note=notes.append, **options
    )


ORACLE = whole_picture(random_network(RESIDUAL), SAMPLER, LR)


def error(picture):
    return (picture - ORACLE).abs().max().item()


@cache
def unspoilt_error(dtype, order):
    return error(run(random_network(RESIDUAL), dtype=dtype, order=order))


@pytest.mark.parametrize("order", ["step", "block"])
@pytest.mark.parametrize("weights", ["device", "host"])
@pytest.mark.parametrize(("dtype", "value"), [(torch.bfloat16, NAN), (torch.float16, INF)], ids=str)
def test_a_spoilt_visit_is_repaired_and_told_once(monkeypatch, order, weights, dtype, value):
    unspoilt = unspoilt_error(dtype, order)
    stores, notes = recorded_stores(monkeypatch), []
    network = random_network(RESIDUAL)
    before = network.transformer.to(dtype).state_dict()
    before = {name: each.clone() for name, each in before.items()}
    overflow = Overflow(network, {0, 3, 4, 11}, value=value)
    picture = run(network, dtype=dtype, notes=notes, order=order, places=Places(weights=weights))
    # Four of eighteen visits in float32 make it a little better, if anything.
    assert error(picture) < 1.2 * unspoilt
    assert overflow.num_wide == 4
    assert len(notes) == 1
    assert str(dtype).removeprefix("torch.") in notes[0]
    assert all(torch.equal(each, before[name]) for name, each in network.transformer.state_dict().items())
    assert [store.left_bytes for store in stores] == [0] * 2


def test_every_visit_in_float32_gives_the_picture_of_float32():
    network = random_network(RESIDUAL)
    overflow = Overflow(network, range(1000))
    picture = run(network)
    assert overflow.num_wide == 18
    # Only weights and kept K/V are rounded to bfloat16 then.
    rounded = random_network(RESIDUAL)
    rounded.transformer.to(torch.bfloat16).float()
    assert (picture - whole_picture(rounded, SAMPLER, LR)).abs().max() < 0.05


def test_the_repair_may_run_out_of_memory():
    network, notes = random_network(RESIDUAL), []
    Overflow(network, range(1000))
    OutOfMemoryAbove(network, 2, after=3)
    assert error(run(network, notes=notes)) < 0.2
    assert len(notes) == 2


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16], ids=str)
def test_a_network_that_is_not_finite_in_float32_either_is_told(dtype):
    network = random_network(RESIDUAL)
    Overflow(network, range(1000), in_float32=True)
    with pytest.raises(NonFiniteOutput, match="no finite numbers") as caught:
        run(network, dtype=dtype)
    assert caught.value.exit_code == WeightsError.exit_code
    assert caught.value.hint


def test_weights_that_are_not_finite_are_told():
    network = random_network(RESIDUAL)
    network.transformer.layers[1].mlp.up.weight[3, 3] = NAN
    with pytest.raises(NonFiniteOutput):
        run(network)


@pytest.mark.parametrize("steps", [0, 1])
def test_a_damaged_base_is_told_and_gives_no_black_picture(steps):
    network = random_network(RESIDUAL)
    network.base.head.weight.data[0, 0, 0, 0] = NAN
    with pytest.raises(NonFiniteOutput, match="the base gives no finite numbers"):
        run_upscaler(network, sampler_config(RESIDUAL, steps, "heun"), LR, super_block=(2, 2))
