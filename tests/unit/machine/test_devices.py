"""Devices, what they hold, and the number format that each is fast at."""

import pytest
import torch

from infdit_cli.errors import DeviceUnavailable, OptionError
from infdit_cli.machine import devices as module
from infdit_cli.machine.devices import (
    describe,
    device_memory,
    devices,
    number_formats,
    peak_device_bytes,
    resolve_device,
    resolve_dtype,
)
from infdit_cli.machine.host import host_memory
from infdit_cli.machine.process import peak_resident_bytes

CPU = torch.device("cpu")
CUDA = torch.device("cuda", 0)


def use_flags(monkeypatch, *flags):
    monkeypatch.setattr(module, "cpu_flags", lambda: frozenset(flags))


def speeds(device):
    return {each.name: each.speed for each in number_formats(device)}


@pytest.mark.parametrize(
    ("flags", "dtype"),
    [
        (("avx2",), torch.float32),
        (("avx2", "avx512_bf16"), torch.bfloat16),
        (("amx_bf16",), torch.bfloat16),
        ((), torch.float32),
    ],
)
def test_auto_is_bfloat16_where_the_processor_has_it(monkeypatch, flags, dtype):
    use_flags(monkeypatch, *flags)
    assert resolve_dtype("auto", CPU) == dtype
    assert [each.name for each in number_formats(CPU) if each.taken] == [str(dtype).removeprefix("torch.")]


def test_a_named_format_is_taken_as_it_is(monkeypatch):
    use_flags(monkeypatch, "avx2")
    assert resolve_dtype("bfloat16", CPU) == torch.bfloat16
    assert resolve_dtype("float16", CPU) == torch.float16


def test_a_format_says_how_fast_it_is(monkeypatch):
    use_flags(monkeypatch, "avx2")
    assert speeds(CPU)["bfloat16"] == "emulated, over 100 times slower"
    use_flags(monkeypatch, "amx_bf16", "avx512_bf16")
    assert speeds(CPU)["bfloat16"] == "native (AMX)"
    use_flags(monkeypatch)
    assert speeds(CPU)["bfloat16"] == "not known"


@pytest.mark.parametrize(("capability", "dtype"), [((7, 5), torch.float32), ((9, 0), torch.bfloat16)])
def test_a_gpu_is_judged_by_its_generation(monkeypatch, capability, dtype):
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda _: capability)
    assert resolve_dtype("auto", CUDA) == dtype
    assert "compute capability" in speeds(CUDA)["bfloat16"]


def test_a_gpus_free_memory_is_what_every_process_can_still_have(monkeypatch):
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda _: (5000, 9000))
    found = device_memory(CUDA)
    assert (found.total_bytes, found.free_bytes, found.source) == (9000, 5000, "device")


def test_the_cpus_memory_is_the_hosts():
    found = device_memory(CPU)
    assert (found.total_bytes, found.source) == (host_memory().total_bytes, host_memory().source)
    assert describe(CPU).memory.total_bytes == found.total_bytes


def test_the_cpus_peak_is_the_processs():
    assert 0 < peak_device_bytes(CPU) <= peak_resident_bytes()


def test_a_gpus_peak_is_what_torch_reserved(monkeypatch):
    monkeypatch.setattr(torch.cuda, "max_memory_reserved", lambda _: 123)
    assert peak_device_bytes(CUDA) == 123


def test_the_cpu_is_always_among_the_devices():
    assert devices()[0] == CPU
    assert describe(CPU).name == "cpu"


def test_a_device_that_is_not_there_is_told(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    assert resolve_device("auto") == CPU
    with pytest.raises(DeviceUnavailable, match="no usable cuda device"):
        resolve_device("cuda")


@pytest.mark.parametrize(
    ("cuda", "hint"), [(None, "this torch is built for CPUs alone"), ("12.8", "try --device auto")]
)
def test_a_torch_for_cpus_alone_is_told_where_there_is_another(monkeypatch, cuda, hint):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.version, "cuda", cuda)
    monkeypatch.setattr(torch.version, "hip", None)
    with pytest.raises(DeviceUnavailable) as error:
        resolve_device("cuda")
    assert error.value.hint.startswith(hint)


def test_one_gpu_of_several_can_be_named(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    assert resolve_device("cuda:1") == torch.device("cuda", 1)
    with pytest.raises(DeviceUnavailable, match="no usable cuda:2 device"):
        resolve_device("cuda:2")


@pytest.mark.parametrize("name", ["tpu", "cuda:", "cuda:-1", "cuda:x", "cpu:0", ""])
def test_what_no_device_is_called_is_refused(name):
    with pytest.raises(OptionError, match=r"^device is"):
        resolve_device(name)


@pytest.mark.gpu
def test_a_real_gpu_is_described():
    gpu = describe(devices()[1])
    assert gpu.name == "cuda:0"
    assert 0 < gpu.memory.free_bytes <= gpu.memory.total_bytes


def test_what_torch_keeps_for_itself_is_counted_on_cuda_alone(monkeypatch):
    monkeypatch.setattr(torch.cuda, "memory_reserved", lambda _: 500)
    assert module.held_device_bytes(CUDA) == 500
    assert module.held_device_bytes(CPU) == 0
