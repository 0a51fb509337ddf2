"""When memory runs out: how to tell, and how to get back what the failed attempt held."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

import torch

from infdit_cli.errors import OutOfMemory, first_line
from infdit_cli.machine.devices import release_cached
from infdit_cli.machine.exhaustion import out_of_memory_cause


def is_out_of_memory(err: BaseException) -> bool:
    """Return whether an exception, or one behind it, says that an allocation failed."""
    return out_of_memory_cause(err) is not None


def reclaim_memory(device: torch.device) -> None:
    """Give back what is free but kept by allocators, and what cycles keep alive."""
    gc.collect()
    release_cached(device)


@contextmanager
def raising_out_of_memory(device: torch.device) -> Iterator[None]:
    """Turn an allocation that failed for good into what the user is told.

    Raises:
        OutOfMemory: In its place.
    """
    try:
        yield
    except (MemoryError, RuntimeError) as err:
        if not is_out_of_memory(err):
            raise
        raise OutOfMemory(
            f"{device} ran out of memory: {first_line(err, 'no room')}",
            hint="close other programs that use it, or let it take less: --memory with a smaller amount",
        ) from err
