"""Where to compute and in which number format."""

from __future__ import annotations

from typing import NamedTuple

import torch

from infdit_cli.config import DeviceName, DTypeName, check_device
from infdit_cli.errors import DeviceUnavailable
from infdit_cli.machine.cpu import cpu_flags, cpu_name
from infdit_cli.machine.host import host_memory
from infdit_cli.machine.process import peak_resident_bytes
from infdit_cli.memory import DeviceMemory
from infdit_cli.results import Device, NumberFormat

_DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}
# Linux's names of the instructions that multiply 16-bit numbers.
_BF16_FLAGS = {"amx_bf16": "AMX", "avx512_bf16": "AVX512-BF16"}
_FP16_FLAGS = {"amx_fp16": "AMX", "avx512_fp16": "AVX512-FP16"}
_AMPERE = (8, 0)


class _Speed(NamedTuple):
    """How well a device computes in a 16-bit format."""

    is_fast: bool
    words: str


_NATIVE = _Speed(is_fast=True, words="native")
# Both formats against float32, a product of 4096x256 by 256x1024 on AVX2: docs/performance.md.
_EMULATED = _Speed(is_fast=False, words="emulated, over 100 times slower")
_NOT_KNOWN = _Speed(is_fast=False, words="not known")
_NOT_MEASURED = _Speed(is_fast=False, words="not measured")


def resolve_device(name: DeviceName) -> torch.device:
    """Return the device; ``auto`` prefers CUDA, then Apple's MPS, then the CPU.

    Raises:
        DeviceUnavailable: If the asked-for device is not there.
        OptionError: If no device can have this name.
    """
    check_device(name)
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
    device = torch.device(name)
    available = {
        "cpu": True,
        "cuda": torch.cuda.is_available() and (device.index or 0) < torch.cuda.device_count(),
        "mps": torch.backends.mps.is_available(),
    }
    if not available[device.type]:
        raise DeviceUnavailable(f"this machine has no usable {name} device", hint=_instead_of(device))
    return device


def _instead_of(device: torch.device) -> str:
    """Return what to do where ``device`` is not there: PyPI's torch for Windows computes on CPUs alone."""
    if device.type == "cuda" and torch.version.cuda is torch.version.hip is None:
        return (
            "this torch is built for CPUs alone; https://pytorch.org/get-started/locally/ names the command "
            "that installs one for GPUs"
        )
    return "try --device auto"


def resolve_dtype(name: DTypeName, device: torch.device) -> torch.dtype:
    """Return the network's number format; ``auto`` is bfloat16 where the device is known to be fast at it."""
    if name == "auto":
        name = next(each.name for each in number_formats(device) if each.taken)
    return _DTYPES[name]


def devices() -> tuple[torch.device, ...]:
    """Return every device that ``--device`` can name, the CPU first."""
    gpus = [torch.device("cuda", index) for index in range(torch.cuda.device_count())]
    apple = [torch.device("mps")] if torch.backends.mps.is_available() else []
    return (torch.device("cpu"), *gpus, *apple)


def describe(device: torch.device) -> Device:
    """Return a device's name, memory and number formats.

    Raises:
        RuntimeError, OSError: If the device does not answer.
    """
    return Device(
        name=str(device),
        title=_title(device),
        memory=device_memory(device),
        formats=number_formats(device),
    )


def has_own_memory(device: torch.device) -> bool:
    """Return whether a device computes in other memory than the host's; CPUs and Apple's GPUs do not."""
    return device.type == "cuda"


def synchronize(device: torch.device) -> None:
    """Wait until a device has done all that it was asked for; a CPU has."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()


def release_cached(device: torch.device) -> None:
    """Give back the memory of a device that torch keeps for tensors to come."""
    if device.type == "cuda":
        torch.cuda.empty_cache()
    elif device.type == "mps":
        torch.mps.empty_cache()


def device_memory(device: torch.device) -> DeviceMemory:
    """Return how much memory a device has for all processes; for the CPU what this one may use of the host's.

    Raises:
        RuntimeError, OSError: If the device does not answer.
    """
    if device.type == "cuda":
        free, total = torch.cuda.mem_get_info(device)
        return DeviceMemory(total_bytes=total, free_bytes=free, source="device")
    if device.type == "mps":
        total = int(torch.mps.recommended_max_memory())
        free = max(0, total - int(torch.mps.driver_allocated_memory()))
        return DeviceMemory(total_bytes=total, free_bytes=free, source="device")
    return host_memory()


def held_device_bytes(device: torch.device) -> int:
    """Return what this process holds of a device for its tensors, of today and to come.

    CUDA: what torch reserved, its unused part included. Elsewhere 0: it is not counted.
    """
    return int(torch.cuda.memory_reserved(device)) if device.type == "cuda" else 0


def peak_device_bytes(device: torch.device) -> int:
    """Return the most memory that this process ever took on a device.

    CUDA: what torch reserved, its unused part included; what the driver takes is not in it.
    MPS keeps no count: what is taken now. CPU: the whole process.
    """
    if device.type == "cuda":
        return int(torch.cuda.max_memory_reserved(device))
    if device.type == "mps":
        return int(torch.mps.driver_allocated_memory())
    return peak_resident_bytes()


def peak_tensor_bytes(device: torch.device) -> int:
    """Return the most memory that tensors ever took on a device, which is what a plan counts.

    CUDA only; elsewhere ``peak_device_bytes``.
    """
    return (
        int(torch.cuda.max_memory_allocated(device)) if device.type == "cuda" else peak_device_bytes(device)
    )


def number_formats(device: torch.device) -> tuple[NumberFormat, ...]:
    """Return the formats of ``--dtype``, how well the device computes in them, and which ``auto`` takes."""
    bf16, fp16 = {"cuda": _cuda_speeds, "mps": _mps_speeds}.get(device.type, _cpu_speeds)(device)
    return (
        NumberFormat(name="float32", speed="native", taken=not bf16.is_fast),
        NumberFormat(name="bfloat16", speed=bf16.words, taken=bf16.is_fast),
        NumberFormat(name="float16", speed=fp16.words, taken=False),
    )


def _cuda_speeds(device: torch.device) -> tuple[_Speed, _Speed]:
    major, minor = torch.cuda.get_device_capability(device)
    is_fast = (major, minor) >= _AMPERE
    kind = "native" if is_fast else "emulated"
    return _Speed(is_fast, f"{kind} (compute capability {major}.{minor})"), _NATIVE


def _mps_speeds(_: torch.device) -> tuple[_Speed, _Speed]:
    return _NOT_MEASURED, _NATIVE


def _cpu_speeds(_: torch.device) -> tuple[_Speed, _Speed]:
    flags = cpu_flags()
    if not flags:  # not Linux
        return _NOT_KNOWN, _NOT_KNOWN
    return _speed(flags, _BF16_FLAGS), _speed(flags, _FP16_FLAGS)


def _speed(flags: frozenset[str], wanted: dict[str, str]) -> _Speed:
    found = next((title for flag, title in wanted.items() if flag in flags), None)
    return _Speed(is_fast=True, words=f"native ({found})") if found else _EMULATED


def _title(device: torch.device) -> str:
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return cpu_name() if device.type == "cpu" else "Apple GPU"
