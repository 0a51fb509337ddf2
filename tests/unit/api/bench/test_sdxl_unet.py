"""The UNet of SDXL's shape: its size on paper, and a very small one that is really evaluated."""

import sys

import pytest
import torch

from infdit_cli.api.bench import peer
from infdit_cli.api.bench.peer import measure_peer
from infdit_cli.api.bench.sdxl_unet import SDXL_BASE, SdxlUnet
from infdit_cli.benchmarking.messages import BenchRequest, PeerCase
from infdit_cli.errors import MissingExtra
from support.live_bytes import LiveBytes

CPU = torch.device("cpu")
TINY = {
    **SDXL_BASE,
    "block_out_channels": (32, 64, 64),
    "transformer_layers_per_block": 1,
    "attention_head_dim": (2, 4, 4),
    "cross_attention_dim": 16,
    "addition_time_embed_dim": 8,
    "projection_class_embeddings_input_dim": 64,
}


def test_without_diffusers_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "diffusers", None)
    with pytest.raises(MissingExtra, match="SDXL-shaped UNet needs diffusers") as caught:
        SdxlUnet()
    assert caught.value.hint == "pip install 'diffusers>=0.42'"


@pytest.fixture
def tiny():
    pytest.importorskip("diffusers")
    return SdxlUnet(TINY)


@pytest.fixture
def full_size():
    pytest.importorskip("diffusers")
    return SdxlUnet()


def test_it_has_the_parameters_of_the_published_one(full_size):
    assert full_size.num_parameters == 2_567_463_684


@pytest.mark.parametrize(("size_px", "latent_px"), [(16, 8), (64, 8), (65, 16), (1000, 128), (1024, 128)])
def test_a_size_is_rounded_up_to_whole_64_px(tiny, size_px, latent_px):
    assert tiny.latent_px(size_px) == latent_px


@pytest.mark.parametrize("latent_px", [32, 64])
def test_the_least_that_it_needs_is_close_to_the_tensors_that_are_alive(full_size, latent_px):
    dtype = torch.bfloat16
    with torch.inference_mode():
        evaluate = full_size.prepared(latent_px, torch.device("meta"), dtype)
        with LiveBytes() as counted:
            evaluate()
    activations = (full_size.least_numbers(latent_px) - full_size.num_parameters) * dtype.itemsize
    assert 0.5 * counted.peak <= activations <= counted.peak


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_an_evaluation_gives_a_latent_of_finite_numbers_and_the_same_each_time(tiny, dtype):
    with torch.inference_mode():
        evaluate = tiny.prepared(16, CPU, dtype)
        first, second = evaluate(), evaluate()
    assert (first.shape, first.dtype) == ((1, 4, 16, 16), dtype)
    assert first.isfinite().all()
    assert first.std() > 0
    assert torch.equal(first, second)


def test_it_is_measured_in_a_process_as_our_own_are(tiny, monkeypatch):
    monkeypatch.setitem(peer.PEERS, "sdxl-unet", lambda: tiny)
    request = BenchRequest(repeats=1, against=("sdxl-unet",))
    case = PeerCase(request=request, peer="sdxl-unet", size_px=100, device="cpu", dtype="float32")
    row = measure_peer(case, lambda _: None)
    assert (row.latent_px, row.parameters) == (16, tiny.num_parameters)
    assert row.peak_bytes > 4 * row.parameters
