"""Measure what ``--against`` names: each network at each resolution in a process of its own."""

from __future__ import annotations

from dataclasses import dataclass

from infdit_cli.benchmarking.fresh_process import in_fresh_process
from infdit_cli.benchmarking.messages import BenchRequest, PeerCase, Probed
from infdit_cli.benchmarking.peers import PEER_TITLES
from infdit_cli.events import Benched, OnEvent
from infdit_cli.results import PeerMeasurement, UnmeasuredPeer


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerRows:
    """What came of it; the fields are those of ``BenchResult`` and ``BenchReport``."""

    measured: tuple[PeerMeasurement, ...]
    unmeasured: tuple[UnmeasuredPeer, ...]
    errors: tuple[Exception, ...]


def measure_against(request: BenchRequest, probed: Probed, on_event: OnEvent) -> PeerRows:
    """Measure every network asked for at every resolution; one that fails stops none of the others."""
    model = probed.model
    cases = [
        PeerCase(request=request, peer=peer, size_px=size_px, device=model.device, dtype=model.dtype)
        for peer in request.against
        for size_px in request.sizes_px
    ]
    rows = [(case, _row(case, on_event)) for case in cases]
    failed = [(case, row) for case, row in rows if isinstance(row, Exception)]
    return PeerRows(
        measured=tuple(row for _, row in rows if isinstance(row, PeerMeasurement)),
        unmeasured=tuple(_unmeasured(case, error) for case, error in failed),
        errors=tuple(error for _, error in failed),
    )


def _row(case: PeerCase, on_event: OnEvent) -> PeerMeasurement | Exception:
    """Measure one resolution, or return why that failed."""
    title = PEER_TITLES[case.peer]
    try:
        measurement = in_fresh_process(_measure, case, on_event=on_event)
    except Exception as err:  # noqa: BLE001 - whatever went wrong, the other resolutions go on
        on_event(Benched(case.size_px, None, failure=_unmeasured(case, err).message, peer=title))
        return err
    on_event(Benched(case.size_px, measurement.evaluation.median, peer=title))
    return measurement


def _measure(case: PeerCase, on_event: OnEvent) -> PeerMeasurement:
    """Be the process that measures. Torch is imported there, and not where the function is only named."""
    from infdit_cli.api.bench.peer import measure_peer  # noqa: PLC0415

    return measure_peer(case, on_event)


def _unmeasured(case: PeerCase, error: Exception) -> UnmeasuredPeer:
    return UnmeasuredPeer.of(error, name=case.peer, size_px=case.size_px)
