"""Processes that ``torchrun`` starts train one model: each has its own crops, all have the mean gradient."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread

import torch
import torch.distributed as dist
from torch.nn import Parameter

from infdit_cli.errors import OptionError, TrainingError, first_line

_HINT = "torchrun sets it for all that it starts; to train in one process, unset WORLD_SIZE"
JOIN_S = 300.0  # the slowest disk has loaded torch by then
_MOST, _MOST_DIGITS = 999_999, 6


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


def called_workers() -> Workers:
    """Return this process's place among those that ``torchrun`` started, which it tells in the environment.

    Raises:
        OptionError: If what is told there is no number, is missing, or does not fit together.
    """
    count = _number("WORLD_SIZE", usual="1", least=1, most=_MOST)
    if count == 1:
        return Workers()
    _number("MASTER_PORT", least=1, most=65_535)
    if not os.environ.get("MASTER_ADDR"):
        raise OptionError("MASTER_ADDR is not set, and WORLD_SIZE is", hint=_HINT)
    return Workers(_number("RANK", least=0, most=count - 1), count)


@contextmanager
def joined(workers: Workers, device: torch.device) -> Iterator[torch.device]:
    """Join the processes that train together, if there are others.

    Yields:
        This process's device: each has a GPU of its own.

    Raises:
        OptionError: If the environment does not say which.
        TrainingError: If the others cannot be reached, or do not come.
    """
    if workers.count == 1:
        yield device
        return
    if device.type == "cuda":
        device = torch.device("cuda", _number("LOCAL_RANK", least=0, most=torch.cuda.device_count() - 1))
        torch.cuda.set_device(device)
    try:
        _heard(lambda: dist.init_process_group("nccl" if device.type == "cuda" else "gloo"))
    except TimeoutError as err:
        raise TrainingError(
            f"{workers.count} processes are to train together, and not all came within {JOIN_S:g} s",
            hint=_HINT,
        ) from err
    except (RuntimeError, ValueError) as err:
        raise TrainingError(f"the other processes cannot be reached: {first_line(err)}", hint=_HINT) from err
    try:
        yield device
    finally:
        dist.destroy_process_group()


def _heard(wait: Callable[[], None]) -> None:
    """Call ``wait`` in a thread: torch waits without hearing signals, and for longer than anyone will.

    Raises:
        TimeoutError: If it goes on after ``JOIN_S``; the thread ends with the process.
    """
    done: Future[None] = Future()

    def run() -> None:
        try:
            wait()
        except Exception as err:  # noqa: BLE001 - raised again by result()
            done.set_exception(err)
        else:
            done.set_result(None)

    Thread(target=run, name="joining", daemon=True).start()
    done.result(timeout=JOIN_S)


def _number(variable: str, *, usual: str = "", least: int, most: int) -> int:
    """Return a number of the environment; an empty one counts as unset."""
    told = os.environ.get(variable) or usual
    if not (told.isdecimal() and len(told) <= _MOST_DIGITS and least <= int(told) <= most):
        what = f"is {told!r}" if told else "is not set"
        raise OptionError(f"{variable} {what}; it goes from {least} to {most:,} here", hint=_HINT)
    return int(told)
