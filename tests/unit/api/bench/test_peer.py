"""One evaluation of a network of others, in this process, over a network that stands in for a large one."""

from dataclasses import replace

import pytest
import torch

from infdit_cli.api.bench import peer as module
from infdit_cli.api.bench.peer import measure_peer
from infdit_cli.benchmarking.messages import BenchRequest, PeerCase
from infdit_cli.config import MemoryLimit
from infdit_cli.errors import DoesNotFit
from infdit_cli.events import BenchProgressed
from infdit_cli.memory import DeviceMemory

GIB = 1 << 30


class SmallPeer:
    """Adds one, and counts how often."""

    num_parameters = 1

    def __init__(self, least_numbers=1):
        self._least_numbers = least_numbers
        self.asked = None
        self.num_evaluations = 0

    def latent_px(self, size_px):
        return size_px // 8

    def least_numbers(self, latent_px):
        return self._least_numbers

    def prepared(self, latent_px, device, dtype):
        self.asked = (latent_px, device, dtype)
        return self._evaluate

    def _evaluate(self):
        assert torch.is_inference_mode_enabled()
        self.num_evaluations += 1


@pytest.fixture
def use(monkeypatch):
    """Return what puts a network in the place of the large one."""

    def put(peer):
        monkeypatch.setitem(module.PEERS, "sdxl-unet", lambda: peer)
        return peer

    return put


def case_of(**options):
    request = BenchRequest(repeats=2, against=("sdxl-unet",), **options)
    return PeerCase(request=request, peer="sdxl-unet", size_px=64, device="cpu", dtype="bfloat16")


def test_an_evaluation_that_is_not_timed_comes_first(use):
    peer, events = use(SmallPeer()), []
    row = measure_peer(case_of(), events.append)
    assert peer.asked == (8, torch.device("cpu"), torch.bfloat16)
    assert peer.num_evaluations == 3
    assert (row.name, row.size_px, row.latent_px, row.parameters) == ("sdxl-unet", 64, 8, 1)
    assert len(row.evaluation.runs) == 2
    assert row.peak_bytes > 0
    assert events == [BenchProgressed(64, run, 2, 0, 1, peer="SDXL-shaped UNet") for run in (0, 1, 2)]


@pytest.mark.parametrize(
    ("memory", "hint"),
    [
        (None, "leave out --against, and infdit is measured alone"),
        (MemoryLimit(num_bytes=4 * GIB), "raise --memory, or leave out --against"),
    ],
    ids=["free", "limit"],
)
def test_what_surely_does_not_fit_is_refused_before_anything_is_allocated(use, monkeypatch, memory, hint):
    monkeypatch.setattr(module, "resident_bytes", lambda: GIB)
    numbers = 2 * GIB if memory else 1 << 50
    peer = use(SmallPeer(numbers))
    with pytest.raises(
        DoesNotFit, match=r"^the process needs at least [0-9,]+ MiB of memory, but only"
    ) as caught:
        measure_peer(case_of(memory=memory), print)
    assert peer.asked is None
    assert (caught.value.needed_bytes, caught.value.hint) == (GIB + 2 * numbers, hint)


def test_on_a_gpu_the_amount_is_of_what_lies_there(use, monkeypatch):
    memory = DeviceMemory(total_bytes=8 * GIB, free_bytes=4 * GIB, source="device")
    monkeypatch.setattr(module, "device_memory", lambda _: memory)
    monkeypatch.setattr(module, "held_device_bytes", lambda _: 0)
    peer = use(SmallPeer(4 * GIB))
    told = "^weights and activations need at least 8,192 MiB of device memory, but only "
    with pytest.raises(DoesNotFit, match=told):
        measure_peer(replace(case_of(), device="cuda:0"), print)
    assert peer.asked is None


def test_what_fits_into_the_limit_is_measured(use, monkeypatch):
    monkeypatch.setattr(module, "resident_bytes", lambda: GIB)
    peer = use(SmallPeer(1 << 20))
    measure_peer(case_of(memory=MemoryLimit(num_bytes=GIB + (2 << 20))), lambda _: None)
    assert peer.num_evaluations == 3
