"""How long a job on a device takes, from an idle device to an idle device."""

from __future__ import annotations

import time
from collections.abc import Callable

import torch

from infdit_cli.machine.devices import synchronize

REPEATS = 3


@torch.inference_mode()
def fastest_s(job: Callable[[], object], device: torch.device) -> float:
    """Return the seconds of the shortest of a few runs: what disturbs a run only ever lengthens it."""
    return min(timed_s(job, device) for _ in range(REPEATS))


def timed_s(job: Callable[[], object], device: torch.device) -> float:
    """Return the seconds of one run."""
    synchronize(device)
    started = time.perf_counter()
    job()
    synchronize(device)
    return time.perf_counter() - started
