"""What only a CUDA device can show: copies beside the computing, and memory that really runs out."""

import gc
from functools import cache

import pytest
import torch

from infdit_cli.engine.layer_stream import LayerStream
from infdit_cli.model import LRWindow
from support.pipelines import (
    IMAGE,
    RESIDUAL,
    Places,
    random_lr,
    random_network,
    run_upscaler,
    sampler_config,
    whole_picture,
)
from support.trouble import Overflow

pytestmark = pytest.mark.gpu

CUDA = torch.device("cuda")
# Two devices, the same float32: their kernels add in other orders.
LIMIT = 1e-3
HEUN, LR = sampler_config(RESIDUAL, 2, "heun"), random_lr(17, 20)


@pytest.fixture(autouse=True)
def plain_float32():
    """Convolutions are computed with TF32's ten bits otherwise; products of matrices are not."""
    with torch.backends.cudnn.flags(enabled=True, allow_tf32=False):
        yield


@cache
def oracle():
    return whole_picture(random_network(RESIDUAL), HEUN, LR)


@pytest.mark.parametrize("weights", ["device", "host"])
@pytest.mark.parametrize("canvas", ["device", "host", "disk"])
@pytest.mark.parametrize("kv", ["device", "host", "disk"])
@pytest.mark.parametrize("order", ["step", "block"])
def test_where_things_lie_cannot_change_the_picture(tmp_path, order, kv, canvas, weights):
    for super_block in ((1, 1), (2, 2)):
        picture = run_upscaler(
            random_network(RESIDUAL),
            HEUN,
            LR,
            order=order,
            super_block=super_block,
            places=Places(kv, canvas, weights),
            scratch=tmp_path,
            device=CUDA,
        )
        assert (picture - oracle()).abs().max() < LIMIT
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("kv", ["device", "host"])
def test_a_device_that_runs_out_of_memory_gives_the_picture_and_one_note(kv):
    sampler, lr, notes = sampler_config(RESIDUAL, 1), random_lr(512, 512), []
    options = {"order": "step", "device": CUDA, "places": Places(kv=kv)}
    whole = run_upscaler(random_network(RESIDUAL), sampler, lr, super_block=(16, 128), **options)
    # In one piece it takes 450 MB or so, most of it for the network; the base alone takes 100.
    with only_megabytes_more(300):
        picture = run_upscaler(
            random_network(RESIDUAL), sampler, lr, super_block=(128, 128), on_note=notes.append, **options
        )
    assert len(notes) == 1
    assert (picture - whole).abs().max() < LIMIT


class only_megabytes_more:  # noqa: N801 - reads as a sentence
    """Let this process have so much device memory beyond what it holds now."""

    def __init__(self, megabytes):
        self._bytes = megabytes << 20

    def __enter__(self):
        gc.collect()
        torch.cuda.empty_cache()
        total = torch.cuda.get_device_properties(CUDA).total_memory
        torch.cuda.set_per_process_memory_fraction((torch.cuda.memory_reserved() + self._bytes) / total)

    def __exit__(self, *_):
        torch.cuda.set_per_process_memory_fraction(1.0)


@pytest.mark.parametrize("weights", ["device", "host"])
def test_overflow_is_repaired(weights):
    notes, network = [], random_network(RESIDUAL)
    overflow = Overflow(network, {0, 3}, value=float("inf"))
    picture = run_upscaler(
        network,
        HEUN,
        LR,
        super_block=(2, 2),
        device=CUDA,
        dtype=torch.bfloat16,
        places=Places(weights=weights),
        on_note=notes.append,
    )
    assert overflow.num_wide == 2
    assert len(notes) == 1
    assert picture.isfinite().all()


def test_streamed_layers_need_the_room_of_two():
    config = IMAGE.from_dict(IMAGE.to_dict() | {"num_layers": 12, "hidden_size": 512, "num_heads": 8})
    network = random_network(config).transformer
    layer_bytes = sum(each.nbytes for each in network.layers[1].parameters())
    first_bytes = sum(each.nbytes for each in network.layers[0].parameters())
    around_bytes = sum(each.nbytes for each in network.parameters()) - first_bytes - 11 * layer_bytes
    gc.collect()
    before = torch.cuda.memory_allocated()
    stream = LayerStream(network, CUDA)
    inputs, lr = torch.randn(1, 6, 32, 32, device=CUDA), LRWindow(torch.randn(1, 3, 8, 8, device=CUDA))
    with torch.inference_mode():
        for _ in range(3):
            network(inputs, torch.tensor([0.3], device=CUDA), lr)
    torch.cuda.synchronize()
    held = torch.cuda.memory_allocated() - before
    # Allocations are rounded up, the loop's last tensors are gone; a third layer would be seen.
    assert held < first_bytes + around_bytes + 2.5 * layer_bytes
    stream.close()


def test_kv_on_the_host_leaves_the_device_memory_of_one_super_block():
    sampler, lr = sampler_config(RESIDUAL, 4), random_lr(16, 2048)
    peaks = {}
    for kv in ("device", "host"):
        gc.collect()
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats()
        run_upscaler(
            random_network(RESIDUAL),
            sampler,
            lr,
            order="block",
            super_block=(2, 2),
            places=Places(kv=kv),
            device=CUDA,
        )
        peaks[kv] = torch.cuda.max_memory_allocated()
    block_bytes = RESIDUAL.num_layers * 2 * RESIDUAL.block_tokens * RESIDUAL.hidden_size * 4
    # Three of four evaluations have a row of 512 blocks at rest at any time.
    assert peaks["device"] - peaks["host"] > 0.9 * 3 * 512 * block_bytes
