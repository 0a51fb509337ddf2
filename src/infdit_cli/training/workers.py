"""Processes that ``torchrun`` starts train one model: each has its own crops, all have the mean gradient."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
import torch.distributed as dist
from torch.nn import Parameter


@dataclass(frozen=True, slots=True)
class Workers:
    """Where this process stands among those that train together.

    Args:
        rank: Its number, from 0.
        count: How many there are.
    """

    rank: int = 0
    count: int = 1

    @property
    def is_first(self) -> bool:
        """Whether this process validates, saves and reports for all."""
        return self.rank == 0

    def batch_number(self, step: int) -> int:
        """Return the number of this process's batch at ``step``; no two processes or steps share one."""
        return step * self.count + self.rank

    def agree(self, value: float, device: torch.device) -> float:
        """Return the first process's value in all of them."""
        if self.count == 1:
            return value
        shared = torch.tensor([value], dtype=torch.float64, device=device)
        dist.broadcast(shared, src=0)
        return float(shared)

    def average_gradients(self, parameters: Iterable[Parameter]) -> None:
        """Replace every gradient by its mean over the processes, in one message."""
        gradients = [each.grad for each in parameters if each.grad is not None]
        if self.count == 1 or not gradients:
            return
        message = torch.cat([each.flatten() for each in gradients])
        dist.all_reduce(message)
        message /= self.count
        parts = torch.split(message, [each.numel() for each in gradients])
        for gradient, part in zip(gradients, parts, strict=True):
            gradient.copy_(part.view_as(gradient))


@contextmanager
def joined_workers(device: torch.device) -> Iterator[tuple[Workers, torch.device]]:
    """Join the processes that ``torchrun`` started, if it did.

    Yields:
        This process's place among them, and its device: each has a GPU of its own.

    Raises:
        RuntimeError: If the others cannot be reached.
    """
    count = int(os.environ.get("WORLD_SIZE", "1"))
    if count == 1:
        yield Workers(), device
        return
    if device.type == "cuda":
        device = torch.device("cuda", int(os.environ["LOCAL_RANK"]))
        torch.cuda.set_device(device)
    dist.init_process_group("nccl" if device.type == "cuda" else "gloo")
    try:
        yield Workers(dist.get_rank(), count), device
    finally:
        dist.destroy_process_group()
