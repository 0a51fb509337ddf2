"""From a plan's word to a store."""

from __future__ import annotations

from pathlib import Path

import torch

from infdit_cli.config import Place
from infdit_cli.engine.stores.device import DeviceStore
from infdit_cli.engine.stores.disk import DiskStore
from infdit_cli.engine.stores.host import HostStore
from infdit_cli.engine.stores.protocol import Key, TensorStore


def make_store(
    place: Place, device: torch.device, *, folder: Path | None = None, reserve_bytes: int = 0
) -> TensorStore[Key]:
    """Return an empty store.

    Args:
        place: Where it keeps its tensors.
        device: The compute device.
        folder: For a store on disk.
        reserve_bytes: Room to claim at once on disk.

    Raises:
        OutputError: If the folder cannot be written to, or the disk has not that much room.
    """
    if place == "device":
        return DeviceStore()
    if place == "host":
        return HostStore(device)
    if folder is None:
        raise ValueError("a store on disk needs a folder")
    return DiskStore(folder, device, reserve_bytes=reserve_bytes)
