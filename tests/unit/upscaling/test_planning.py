"""What a plan may take of a machine that other processes of a batch compute on, too."""

from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from infdit_cli.config import MemoryLimit, UpscaleOptions
from infdit_cli.memory import DeviceMemory
from infdit_cli.plan import Budget
from infdit_cli.upscaling import planning
from infdit_cli.upscaling.planning import Planner
from infdit_cli.upscaling.sharing import UNSHARED, Sharing

HOST = DeviceMemory(total_bytes=100_000, free_bytes=60_000, source="machine")
GPU = DeviceMemory(total_bytes=40_000, free_bytes=24_000, source="device")
RESIDENT, HELD = 10_000, 6_000


@pytest.fixture(autouse=True)
def machine(monkeypatch):
    monkeypatch.setattr(planning, "host_memory", lambda: HOST)
    monkeypatch.setattr(planning, "device_memory", lambda _: GPU)
    monkeypatch.setattr(planning, "held_device_bytes", lambda _: HELD)
    monkeypatch.setattr(planning, "resident_bytes", lambda: RESIDENT)
    monkeypatch.setattr(planning, "free_bytes", lambda _: 1000)


def budget(device: str, sharing: Sharing, memory: MemoryLimit | None = None) -> Budget:
    return Planner(
        SimpleNamespace(device=torch.device(device)),
        UpscaleOptions(memory=memory),
        disk=SimpleNamespace(work=Path(), computing_bytes=0, kept_bytes=0),
        held_bytes=0,
        aside_bytes=0,
        sharing=sharing,
    ).budget


@pytest.mark.parametrize(
    ("sharing", "device_bytes", "host_bytes"),
    [
        (UNSHARED, 0.8 * (6_000 + 24_000), 10_000 + 0.8 * 60_000),
        (Sharing(num_on_host=2, num_on_device=1), 0.8 * (6_000 + 24_000), 10_000 + 0.8 * 30_000),
        (Sharing(num_on_host=3, num_on_device=2), 0.8 * (6_000 + 12_000), 10_000 + 0.8 * 20_000),
    ],
)
def test_processes_on_one_gpu_divide_what_is_free_of_it_and_all_divide_the_hosts(
    sharing, device_bytes, host_bytes
):
    found = budget("cuda:0", sharing)
    assert (found.device_bytes, found.host_bytes) == (device_bytes, host_bytes)


def test_what_processes_on_one_gpu_may_take_together_is_there(monkeypatch):
    free, held = GPU.free_bytes, [0, 0]
    for turn in (0, 1, 1, 0, 0, 1):
        left = DeviceMemory(total_bytes=GPU.total_bytes, free_bytes=free - sum(held), source="device")
        monkeypatch.setattr(planning, "device_memory", lambda _, left=left: left)
        monkeypatch.setattr(planning, "held_device_bytes", lambda _, held=held[turn]: held)
        # What was taken once stays with the process that took it.
        held[turn] = max(held[turn], budget("cuda:0", Sharing(num_on_host=2, num_on_device=2)).device_bytes)
        assert sum(held) <= free


@pytest.mark.parametrize("on_it", [1, 2])
def test_the_memory_of_processes_on_the_cpu_is_divided_once_among_all(on_it):
    found = budget("cpu", Sharing(num_on_host=2, num_on_device=on_it))
    assert (found.device_bytes, found.host_bytes) == (0.8 * (10_000 + 30_000), 10_000 + 30_000)


@pytest.mark.parametrize(("device", "most"), [("cpu", 10_000 + 30_000), ("cuda:0", 6_000 + 12_000)])
def test_a_limit_is_each_processs_own_and_not_more_than_its_part(device, most):
    shared = Sharing(num_on_host=2, num_on_device=2)
    assert budget(device, shared, MemoryLimit(num_bytes=5_000)).device_bytes == 5_000
    assert budget(device, shared, MemoryLimit(share=1.0)).device_bytes == most
