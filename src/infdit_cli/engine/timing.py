"""How long a job on a device takes, from an idle device to an idle device."""

from __future__ import annotations

import time
from collections.abc import Callable

import torch

from infdit_cli.machine.devices import synchronize

REPEATS = 3
LONG_S = 0.5


@torch.inference_mode()
def fastest_s(job: Callable[[], object], device: torch.device) -> float:
    """Return the seconds of the shortest of a few runs: what disturbs a run only ever lengthens it.

    The first also wakes the device and its libraries up; of long ones, two are enough.
    """
    runs = [timed_s(job, device), timed_s(job, device)]
    while len(runs) < REPEATS and runs[-1] < LONG_S:
        runs.append(timed_s(job, device))
    return min(runs)


def timed_s(job: Callable[[], object], device: torch.device) -> float:
    """Return the seconds of one run."""
    synchronize(device)
    started = time.perf_counter()
    job()
    synchronize(device)
    return time.perf_counter() - started
