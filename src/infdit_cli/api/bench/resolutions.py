"""Measure speed and memory at several resolutions, each in a process of its own; this one needs no torch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from infdit_cli.api.bench.against import measure_against
from infdit_cli.api.bench.files import check_files, write_files
from infdit_cli.api.unwritten import why_unwritten
from infdit_cli.benchmarking.fresh_process import in_fresh_process
from infdit_cli.benchmarking.messages import BenchCase, BenchRequest, Probed
from infdit_cli.errors import OutputError
from infdit_cli.events import Benched, OnEvent, ignore
from infdit_cli.files import check_folder, scratch_folder, temporary_folder
from infdit_cli.results import BENCH_SCHEMA, BenchResult, Measurement, Unmeasured
from infdit_cli.settings import shown


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchReport:
    """What a benchmark came to.

    Args:
        result: Every figure.
        errors: Why resolutions could not be measured, in the order of ``result.unmeasured`` and then of
            ``result.unmeasured_against``.
        unwritten: Why a file could not be written; the figures, which may have taken hours, are here.
    """

    result: BenchResult
    errors: tuple[Exception, ...]
    unwritten: OutputError | None = None


def bench(
    request: BenchRequest,
    *,
    command: str,
    output: Path | None = None,
    plot: Path | None = None,
    on_event: OnEvent = ignore,
) -> BenchReport:
    """Measure every resolution, and write the result where it is wanted.

    One that does not fit, or fails in another way, is reported as such, and the others go on.
    What the request has in ``against`` comes last.

    Args:
        request: What to measure.
        command: The command line, to be named in the result with ``~`` for the home folder.
        output: File for the result as JSON.
        plot: File for a plot; its suffix chooses the format.
        on_event: Told of progress.

    Raises:
        MissingExtra: If matplotlib for a plot, or what ``against`` needs, is not there; found out before
            anything is measured.
        OptionError: If the model cannot do what is asked, or a plot has no such format.
        OutputError: If a file could not be written later; found out before anything is measured.
        WeightsError: If the checkpoint is missing or damaged.
        DeviceUnavailable: If the device is not there.
    """
    check_files(output, plot)
    if request.spool:
        check_folder(request.spool)
    began = datetime.now(UTC)
    probed = in_fresh_process(_probe, request, on_event=on_event)
    rows = {size_px: _row(request, size_px, probed, on_event) for size_px in request.sizes_px}
    errors = {size_px: row for size_px, row in rows.items() if isinstance(row, Exception)}
    peers = measure_against(request, probed, on_event)
    result = BenchResult(
        schema=BENCH_SCHEMA,
        date=f"{began:%Y-%m-%dT%H:%M:%SZ}",
        command=shown(command),
        repeats=request.repeats,
        machine=probed.machine,
        model=probed.model,
        matrix_flops_per_s=probed.matrix_flops_per_s,
        measured=tuple(row for row in rows.values() if isinstance(row, Measurement)),
        unmeasured=tuple(Unmeasured.of(error, size_px=size_px) for size_px, error in errors.items()),
        against=peers.measured,
        unmeasured_against=peers.unmeasured,
    )
    return BenchReport(
        result=result,
        errors=(*errors.values(), *peers.errors),
        unwritten=why_unwritten(partial(write_files, result, output, plot)),
    )


def _row(request: BenchRequest, size_px: int, probed: Probed, on_event: OnEvent) -> Measurement | Exception:
    """Measure one resolution, or return why that failed."""
    try:
        with scratch_folder(request.spool or temporary_folder()) as folder:
            case = BenchCase(
                request=request,
                size_px=size_px,
                folder=folder,
                matrix_flops_per_s=probed.matrix_flops_per_s,
            )
            measurement = in_fresh_process(_measure, case, on_event=on_event)
    except Exception as err:  # noqa: BLE001 - whatever went wrong, the other resolutions go on
        on_event(Benched(size_px, None, failure=Unmeasured.of(err, size_px=size_px).message))
        return err
    on_event(Benched(size_px, measurement.picture.median))
    return measurement


def _probe(request: BenchRequest, _: OnEvent) -> Probed:
    """Be the first process. Torch is imported there, and not where the function is only named."""
    from infdit_cli.api.bench.probe import probe  # noqa: PLC0415

    return probe(request)


def _measure(case: BenchCase, on_event: OnEvent) -> Measurement:
    """Be the process that measures one resolution."""
    from infdit_cli.api.bench.case import measure  # noqa: PLC0415 - as in _probe

    return measure(case, on_event)
