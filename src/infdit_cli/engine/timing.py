"""How long a job on a device takes, from an idle device to an idle device."""

from __future__ import annotations

import time
from collections.abc import Callable

import torch

REPEATS = 3


@torch.inference_mode()
def fastest_s(job: Callable[[], object], device: torch.device) -> float:
    """Return the seconds of the shortest of a few runs: what disturbs a run only ever lengthens it."""
    return min(timed_s(job, device) for _ in range(REPEATS))


def timed_s(job: Callable[[], object], device: torch.device) -> float:
    """Return the seconds of one run."""
    _finish(device)
    started = time.perf_counter()
    job()
    _finish(device)
    return time.perf_counter() - started


def _finish(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()
