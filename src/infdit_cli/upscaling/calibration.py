"""How fast this machine runs a model, measured once and remembered.

Remembered not only to save the time: a plan must not change from one run to the next because a
measurement did, or the same command would give pixels that differ in rounding.
"""

from __future__ import annotations

import hashlib
import json
import math
import platform
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from filelock import FileLock

from infdit_cli.engine import Upscaler, measure_speed
from infdit_cli.files import remove_halves, replacing
from infdit_cli.plan import Speed
from infdit_cli.settings import Settings

FILE_NAME = "speed.json"
_PROBE = 3  # raised when other things are measured: figures of before do not count then
_MOST_SECONDS = 1e6  # for one block, or one visit: no machine that anybody waits for is so slow
_LEAST_RATE = 1.0  # bytes in a second
_GUARD_S = 10.0  # to write the file takes far less; one who was stopped in it is not waited for


def calibrated(upscaler: Upscaler, settings: Settings | None = None) -> Speed:
    """Return the speed of ``upscaler``'s model on its device, measuring it the first time."""
    path = (settings or Settings.from_env()).cache_dir / FILE_NAME
    key = _key(upscaler)
    known = _speed(_read(path).get(key))
    if known is not None:
        return known
    measured = measure_speed(upscaler.config, device=upscaler.device, dtype=upscaler.dtype)
    return _remembered(path, key, measured)


def _key(upscaler: Upscaler) -> str:
    """Name what figures depend on: model, device, number format, threads, torch, and what is timed."""
    model = hashlib.sha256(json.dumps(upscaler.config.to_dict(), sort_keys=True).encode()).hexdigest()[:12]
    threads = torch.get_num_threads()
    where = f"{_device_name(upscaler.device)}, {threads} threads, torch {torch.__version__}"
    # The transformer's, whatever the number of steps.
    number_format = str(upscaler.dtype).removeprefix("torch.")
    return f"{where}, {number_format}, model {model}, probe {_PROBE}"


def _device_name(device: torch.device) -> str:
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return f"{platform.node()} {device.type} {platform.machine()}"


def _read(path: Path) -> dict[str, Any]:
    """Return what is remembered; a file that is missing or damaged is nothing."""
    with suppress(OSError, ValueError, RecursionError):
        found = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(found, dict):
            return found
    return {}


def _speed(fields: object) -> Speed | None:
    if not isinstance(fields, dict):
        return None
    try:
        speed = Speed(**fields)
    except TypeError:
        return None
    return speed if all(_is_sound(name, value) for name, value in asdict(speed).items()) else None


def _is_sound(name: str, value: object) -> bool:
    """Tell whether a figure can have been measured; a rate without an end is that of nothing to copy."""
    low, high = (_LEAST_RATE, math.inf) if name.endswith("_per_s") else (0, _MOST_SECONDS)
    return isinstance(value, float) and low <= value <= high


def _remembered(path: Path, key: str, measured: Speed) -> Speed:
    """Add to the file what was measured, and return it; or what another process has added meanwhile.

    Where the file cannot be written, nothing is: a read-only home is no reason not to upscale.
    """
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_suffix(".guard"), timeout=_GUARD_S):
            known = _read(path)
            theirs = _speed(known.get(key))
            if theirs is not None:
                return theirs
            remove_halves(path)
            with replacing(path) as temporary:
                temporary.write_text(json.dumps(known | {key: asdict(measured)}, indent=1), encoding="utf-8")
    return measured
