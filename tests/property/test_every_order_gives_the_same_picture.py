"""UniBA's first property: how the blocks are grouped and ordered cannot change the picture."""

from dataclasses import replace
from functools import cache

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from infdit_cli.config import ModelConfig, SamplerConfig, SamplerName, VisitOrder
from support.pipelines import (
    IMAGE,
    RESIDUAL,
    Places,
    random_lr,
    random_network,
    run_upscaler,
    sampler_config,
    whole_base,
    whole_picture,
)

LIMIT = 1e-4
# LR sizes: square, tall, wide, one block wide, one block high, a single block, not whole blocks.
SIZES = [(16, 16), (20, 8), (8, 24), (24, 4), (4, 24), (4, 4), (13, 18)]
PLACES = st.sampled_from(["device", "host", "disk"])
NETWORK, HEUN, LR = random_network(RESIDUAL), sampler_config(RESIDUAL, 2, "heun"), random_lr(17, 20)
SUPER_BLOCKS = [(1, 1), (2, 2), (3, 2), (1, 99), (99, 99)]


@pytest.mark.parametrize("order", ["step", "block"])
@pytest.mark.parametrize("super_block", SUPER_BLOCKS)
@pytest.mark.parametrize("config", [RESIDUAL, IMAGE], ids=["residual", "image"])
def test_streaming_equals_the_whole_picture(
    config: ModelConfig, super_block: tuple[int, int], order: VisitOrder
):
    network, sampler = random_network(config), sampler_config(config, steps=2)
    for size in SIZES:
        streamed = run_upscaler(network, sampler, random_lr(*size), order=order, super_block=super_block)
        difference = (streamed - _whole(config, sampler, size)).abs().max().item()
        assert difference < LIMIT, f"{size} LR differs by {difference:.2e}"


@cache
def _whole(config: ModelConfig, sampler: SamplerConfig, size: tuple[int, int]) -> Tensor:
    return whole_picture(random_network(config), sampler, random_lr(*size))


@pytest.mark.parametrize("temperature", [0.0, 0.9, 1.0])
@pytest.mark.parametrize("config", [RESIDUAL, IMAGE], ids=["residual", "image"])
def test_one_step_from_any_part_of_the_noise_equals_the_whole_picture(config: ModelConfig, temperature):
    sampler = replace(sampler_config(config, steps=1), temperature=temperature)
    network, lr = random_network(config), random_lr(13, 18)
    streamed = run_upscaler(network, sampler, lr, super_block=(2, 2))
    assert (streamed - whole_picture(network, sampler, lr)).abs().max() < LIMIT


@pytest.mark.parametrize("weights", ["device", "host"])
@pytest.mark.parametrize("canvas", ["device", "host", "disk"])
@pytest.mark.parametrize("kv", ["device", "host", "disk"])
@pytest.mark.parametrize("order", ["step", "block"])
def test_where_things_lie_cannot_change_the_picture(tmp_path, order: VisitOrder, kv, canvas, weights):
    streamed = run_upscaler(
        NETWORK,
        HEUN,
        LR,
        order=order,
        super_block=(2, 2),
        places=Places(kv, canvas, weights),
        scratch=tmp_path,
    )
    assert (streamed - _oracle()).abs().max() < LIMIT
    assert not list(tmp_path.iterdir())


@settings(max_examples=20)
@given(
    order=st.sampled_from(["step", "block"]),
    super_block=st.tuples(st.integers(1, 5), st.integers(1, 6)),
    places=st.builds(Places, PLACES, PLACES, st.sampled_from(["device", "host"])),
)
def test_no_grouping_and_no_place_can_change_the_picture(tmp_path_factory, order, super_block, places):
    folder = tmp_path_factory.getbasetemp()
    streamed = run_upscaler(
        NETWORK, HEUN, LR, order=order, super_block=super_block, places=places, scratch=folder
    )
    assert (streamed - _oracle()).abs().max() < LIMIT


@cache
def _oracle():
    return whole_picture(NETWORK, HEUN, LR)


@pytest.mark.parametrize("name", ["heun", "dpmpp-2m"])
@pytest.mark.parametrize("order", ["step", "block"])
def test_multistep_samplers_keep_their_state_per_block(name: SamplerName, order: VisitOrder):
    network, sampler, lr = random_network(RESIDUAL), sampler_config(RESIDUAL, 4, name), random_lr(12, 12)
    streamed = run_upscaler(network, sampler, lr, order=order, super_block=(1, 2))
    assert (streamed - whole_picture(network, sampler, lr)).abs().max() < LIMIT


def test_the_seed_changes_the_picture_and_nothing_else_does():
    network, sampler, lr = random_network(RESIDUAL), sampler_config(RESIDUAL, 2), random_lr(12, 16)
    first = run_upscaler(network, sampler, lr, seed=3, order="step", super_block=(1, 1))
    assert (
        run_upscaler(network, sampler, lr, seed=3, order="block", super_block=(2, 3)) - first
    ).abs().max() < LIMIT
    assert (run_upscaler(network, sampler, lr, seed=4) - first).abs().max() > 100 * LIMIT


def test_one_step_of_a_residual_model_starts_from_noise_by_place():
    network, sampler, lr = random_network(RESIDUAL), sampler_config(RESIDUAL, 1), random_lr(12, 16)
    first = run_upscaler(network, sampler, lr, seed=3, super_block=(1, 2))
    assert (run_upscaler(network, sampler, lr, seed=3, super_block=(2, 1)) - first).abs().max() < LIMIT
    assert (run_upscaler(network, sampler, lr, seed=4) - first).abs().max() > 100 * LIMIT


def test_zero_steps_give_the_base_of_the_whole_picture():
    network, lr = random_network(RESIDUAL), random_lr(16, 20)
    streamed = run_upscaler(network, sampler_config(RESIDUAL, 0), lr, super_block=(1, 1))
    torch.testing.assert_close(streamed, whole_base(network, lr).image, rtol=0, atol=1e-5)
