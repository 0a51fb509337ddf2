"""A device that runs out of memory gets less to do at once; the picture is the same."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from infdit_cli.engine import Upscaler
from infdit_cli.engine.out_of_memory import is_out_of_memory
from infdit_cli.errors import OutOfMemory
from infdit_cli.geometry import Size
from infdit_cli.plan import Layout
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
from support.trouble import ALLOCATION_FAILURES, OutOfMemoryAbove

LIMIT = 1e-4
SAMPLER, LR = sampler_config(RESIDUAL, 2, "heun"), random_lr(20, 24)
SMALL_LR = random_lr(12, 16)  # a grid of 3 x 4 blocks
ORACLE = whole_picture(random_network(RESIDUAL), SAMPLER, SMALL_LR)


@settings(max_examples=15)
@given(
    walk=st.fixed_dictionaries(
        {
            "order": st.sampled_from(["step", "block"]),
            "super_block": st.tuples(st.integers(1, 3), st.integers(1, 4)),
        }
    ),
    kv=st.sampled_from(["device", "host", "disk"]),
    trouble=st.fixed_dictionaries(
        {
            "num_blocks": st.integers(1, 9),
            "layer": st.integers(0, RESIDUAL.num_layers - 1),
            "after": st.integers(0, 20),
            "failure": st.sampled_from(ALLOCATION_FAILURES),
        }
    ),
)
def test_pieces_of_any_size_give_the_picture_and_one_note(tmp_path_factory, walk, kv, trouble):
    network, notes = random_network(RESIDUAL), []
    met = OutOfMemoryAbove(network, **trouble)
    folder, places = tmp_path_factory.getbasetemp(), Places(kv=kv)
    picture = run_upscaler(
        network, SAMPLER, SMALL_LR, places=places, scratch=folder, on_note=notes.append, **walk
    )
    assert (picture - ORACLE).abs().max() < LIMIT
    assert len(notes) == bool(met.num_failed)


def test_what_did_not_fit_is_not_tried_again():
    network = random_network(RESIDUAL)
    trouble = OutOfMemoryAbove(network, 2, after=1)
    run_upscaler(network, SAMPLER, LR, order="step", super_block=(4, 4))
    # The first visit fits; then 4x4, 2x4 and 2x2 do not, and from there on it is 1x2.
    assert trouble.sizes[:5] == [(4, 4), (4, 2), (2, 2), (1, 2), (1, 2)]
    assert trouble.num_failed == 2
    assert set(trouble.sizes[3:]) == {(1, 2)}


def test_the_rest_of_a_super_block_is_cut_as_small_as_its_first_piece():
    network = random_network(RESIDUAL)
    trouble = OutOfMemoryAbove(network, 1)
    run_upscaler(network, sampler_config(RESIDUAL, 1), random_lr(8, 8), super_block=(2, 2))
    assert trouble.sizes == [(2, 2), (1, 2), (1, 1), (1, 1), (1, 1), (1, 1)]


@pytest.mark.parametrize("order", ["step", "block"])
def test_nothing_is_held_in_the_end_and_readers_are_counted_right(monkeypatch, order):
    stores = recorded_stores(monkeypatch)
    network = random_network(RESIDUAL)
    OutOfMemoryAbove(network, 2, layer=1, after=4)
    run_upscaler(network, SAMPLER, LR, order=order, super_block=(3, 2))
    assert [store.left_bytes for store in stores] == [0, 0]


@pytest.mark.parametrize("failure", ALLOCATION_FAILURES, ids=lambda each: type(each).__name__)
def test_one_block_that_does_not_fit_is_told(failure):
    network = random_network(RESIDUAL)
    OutOfMemoryAbove(network, 0, after=3, failure=failure)
    with pytest.raises(OutOfMemory, match="single block of 16 px") as caught:
        run_upscaler(network, SAMPLER, LR, super_block=(2, 2))
    assert caught.value.hint


def test_memory_that_runs_out_beside_the_network_is_told(monkeypatch):
    def sink(blocks, image):
        raise MemoryError

    upscaler = Upscaler(random_network(RESIDUAL), SAMPLER, device=torch.device("cpu"), dtype=torch.float32)
    with pytest.raises(OutOfMemory, match="ran out of memory"):
        list(upscaler.start(LR, sink, Layout(order="step", super_block=Size(2, 2))).visits)


def test_other_errors_are_not_taken_for_it():
    network = random_network(RESIDUAL)
    failure = RuntimeError("mat1 and mat2 shapes cannot be multiplied")
    OutOfMemoryAbove(network, 0, failure=failure)
    with pytest.raises(RuntimeError) as caught:
        run_upscaler(network, SAMPLER, LR)
    assert caught.value is failure
    assert not is_out_of_memory(failure)


def test_the_allocator_of_this_torch_is_understood():
    with pytest.raises(RuntimeError) as caught:
        torch.empty(1 << 55)
    assert is_out_of_memory(caught.value)
