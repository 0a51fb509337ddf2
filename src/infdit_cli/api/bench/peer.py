"""Measure one evaluation of a network of others at one resolution, in a process of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import torch
from torch import Tensor

from infdit_cli import amounts
from infdit_cli.api.bench.sdxl_unet import SdxlUnet
from infdit_cli.benchmarking.messages import PeerCase
from infdit_cli.benchmarking.peers import PEER_TITLES
from infdit_cli.config import MemoryLimit, PeerName
from infdit_cli.engine import timed_s
from infdit_cli.errors import DoesNotFit
from infdit_cli.events import BenchProgressed, OnEvent
from infdit_cli.machine.devices import (
    device_memory,
    has_own_memory,
    held_device_bytes,
    peak_tensor_bytes,
)
from infdit_cli.machine.host import host_memory
from infdit_cli.machine.process import resident_bytes
from infdit_cli.results import PeerMeasurement, Timing
from infdit_cli.upscaling.planning import allowed_bytes


class Peer(Protocol):
    """A network that is measured with random weights; it takes no memory until it is prepared.

    Attributes:
        num_parameters: Of the network.
    """

    num_parameters: int

    def latent_px(self, size_px: int) -> int:
        """Return the side of what the network works on for a square picture."""

    def least_numbers(self, latent_px: int) -> int:
        """Return how many numbers surely lie in memory at once during an evaluation, weights included."""

    def prepared(self, latent_px: int, device: torch.device, dtype: torch.dtype) -> Callable[[], Tensor]:
        """Make weights and input; return what evaluates the network once."""


PEERS: dict[PeerName, Callable[[], Peer]] = {"sdxl-unet": SdxlUnet}


def check_peers(names: tuple[PeerName, ...]) -> None:
    """Fail now if a network could not be made later; measuring may take hours.

    Raises:
        MissingExtra: If its package cannot be imported.
    """
    for name in names:
        PEERS[name]()


@torch.inference_mode()
def measure_peer(case: PeerCase, on_event: OnEvent) -> PeerMeasurement:
    """Measure in this process, which should be fresh.

    As for our own, a first evaluation is not timed and gives the account of memory.

    Raises:
        DoesNotFit: If weights and activations surely take more than they may; nothing was allocated then.
        MissingExtra: If its package cannot be imported.
    """
    peer, device = PEERS[case.peer](), torch.device(case.device)
    dtype: torch.dtype = getattr(torch, case.dtype)
    latent_px = peer.latent_px(case.size_px)
    _check_room(case, peer.least_numbers(latent_px) * dtype.itemsize, device)
    evaluate = peer.prepared(latent_px, device, dtype)
    _tell(case, 0, on_event)
    timed_s(evaluate, device)
    peak_bytes = peak_tensor_bytes(device)
    runs = []
    for run in range(1, case.request.repeats + 1):
        _tell(case, run, on_event)
        runs.append(timed_s(evaluate, device))
    return PeerMeasurement(
        name=case.peer,
        size_px=case.size_px,
        latent_px=latent_px,
        parameters=peer.num_parameters,
        peak_bytes=peak_bytes,
        evaluation=Timing.of(runs),
    )


def _check_room(case: PeerCase, least_bytes: int, device: torch.device) -> None:
    """Refuse what surely does not fit into what a plan could take.

    Raises:
        DoesNotFit: With the amount; what the process holds already counts where the plan counts it.
    """
    held = held_device_bytes(device) if has_own_memory(device) else resident_bytes()
    needed, allowed = held + least_bytes, _allowed_bytes(device, held, case.request.memory)
    if needed > allowed:
        raise DoesNotFit(
            f"{_need(needed, device)}, but only {amounts.allowed_memory(allowed)} are allowed",
            hint=_advice(case.request.memory),
            needed_bytes=needed,
        )


def _need(num_bytes: int, device: torch.device) -> str:
    """Say who needs so much: in a CPU's memory lies also what Python and torch take."""
    least = amounts.needed_memory(num_bytes)
    if has_own_memory(device):
        return f"weights and activations need at least {least} of device memory"
    return f"the process needs at least {least} of memory"


def _advice(limit: MemoryLimit | None) -> str:
    if limit:
        return "raise --memory, or leave out --against"
    return "leave out --against, and infdit is measured alone"


def _allowed_bytes(device: torch.device, held_bytes: int, limit: MemoryLimit | None) -> int:
    memory = device_memory(device) if has_own_memory(device) else host_memory()
    return allowed_bytes(limit, memory.total_bytes, held_bytes + memory.free_bytes)


def _tell(case: PeerCase, run: int, on_event: OnEvent) -> None:
    """Say that a run begins; nothing is heard of it before its end."""
    title, repeats = PEER_TITLES[case.peer], case.request.repeats
    on_event(BenchProgressed(case.size_px, run, repeats, 0, 1, peer=title))
