"""Where to compute and in which number format."""

from __future__ import annotations

import platform
from pathlib import Path

import torch

from infdit_cli.config import DeviceName, DTypeName
from infdit_cli.errors import DeviceUnavailable

_CPU_BF16_FLAGS = frozenset({"amx_bf16", "avx512_bf16"})
_DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}


def resolve_device(name: DeviceName) -> torch.device:
    """Return the device; ``auto`` prefers CUDA, then Apple's MPS, then the CPU.

    Raises:
        DeviceUnavailable: If the asked-for device is not there.
    """
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
    available = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if not available[name]:
        raise DeviceUnavailable(f"this machine has no usable {name} device", hint="try --device auto")
    return torch.device(name)


def resolve_dtype(name: DTypeName, device: torch.device) -> torch.dtype:
    """Return the network's number format; ``auto`` is bfloat16 where the device is fast at it."""
    if name != "auto":
        return _DTYPES[name]
    return torch.bfloat16 if _fast_bfloat16(device) else torch.float32


def _fast_bfloat16(device: torch.device) -> bool:
    if device.type == "cuda":
        return torch.cuda.get_device_capability(device) >= (8, 0)
    # Without these instructions bfloat16 products are emulated: measured 140 times slower on AVX2.
    return device.type == "cpu" and platform.system() == "Linux" and bool(_CPU_BF16_FLAGS & _cpu_flags())


def _cpu_flags() -> frozenset[str]:
    info = Path("/proc/cpuinfo")
    if not info.is_file():
        return frozenset()
    for line in info.read_text(encoding="utf-8", errors="replace").splitlines():
        if line.startswith("flags"):
            return frozenset(line.partition(":")[2].split())
    return frozenset()
