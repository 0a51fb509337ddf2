"""How many processes divide a machine between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import torch

from infdit_cli.config import DeviceName
from infdit_cli.machine.devices import resolve_device


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """How many processes take the same things, each with other pictures of one batch; 1 is this one alone.

    Args:
        num_on_host: Those on this machine: they divide its memory.
        num_on_device: Those that compute on the same device: they divide its memory, or the CPU's cores.
    """

    num_on_host: int = 1
    num_on_device: int = 1

    @classmethod
    def of(cls, device: torch.device, names: Sequence[DeviceName]) -> Self:
        """Return what a process on ``device`` shares.

        Args:
            device: Its own.
            names: Of the devices of all processes, its own among them; ``auto`` and ``cuda:0`` may be one.

        Raises:
            DeviceUnavailable: If one of them is not there.
        """
        places = [_place(resolve_device(name)) for name in names]
        return cls(num_on_host=len(places), num_on_device=places.count(_place(device)))


UNSHARED = Sharing()


def _place(device: torch.device) -> tuple[str, int]:
    """Return what is the same for all names of a device: without a number it is the first of its kind."""
    return device.type, device.index or 0
