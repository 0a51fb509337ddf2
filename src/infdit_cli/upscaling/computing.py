"""Do a job that is planned: its pixels first, then its file, then the report on both."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from infdit_cli.events import Kept, Noted, OnEvent
from infdit_cli.machine.devices import peak_device_bytes
from infdit_cli.results import UpscaleResult
from infdit_cli.tiles import JobFolder, Spool, encode
from infdit_cli.upscaling.alpha import enlarge_alpha, plain_alpha, spooled_alpha
from infdit_cli.upscaling.chain import run_passes
from infdit_cli.upscaling.job import Job
from infdit_cli.upscaling.job_journal import JobJournal
from infdit_cli.upscaling.leg_record import ALPHA
from infdit_cli.upscaling.paint import AlphaOf, PassOutput, painting, painting_alpha
from infdit_cli.upscaling.resuming import open_journal
from infdit_cli.upscaling.sources import ArraySource
from infdit_cli.upscaling.workplace import Workplace


@contextmanager
def computed(job: Job, *, on_event: OnEvent) -> Iterator[tuple[Job, Spool]]:
    """Compute every pixel of ``job``; yield it as it was done, and the spool they lie in until afterwards.

    What an unfinished run of the same job has left is taken up; what is done when this one is broken off,
    while it is encoded, too, is kept for the next.
    """
    for text in job.notes:
        on_event(Noted(text))
    with JobFolder(job.output.path, job.work) as folder, _kept_told(folder, on_event):
        # Now: when the pixels are done, hours later, the checkpoint's file may be another.
        metadata = job.describe()
        journal, plans = open_journal(folder, job, lambda text: on_event(Noted(text)))
        with (
            Spool(folder.path / "picture.raw", job.output.size, job.output.pixel_format) as spool,
            _alpha(job, journal, folder.path, on_event) as alpha,
        ):
            run_passes(
                job.upscaler,
                ArraySource(job.picture.rgb),
                job.route,
                [plan.layout for plan in plans],
                PassOutput(spool, painting(spool, alpha)),
                workplace=Workplace(journal=journal, scratch=folder.path, on_event=on_event),
                seed=job.options.seed,
            )
            yield replace(job, plans=plans, describe=lambda: metadata), spool


def write(job: Job, spool: Spool, *, given_up: threading.Event | None = None) -> None:
    """Encode the finished pixels; see ``tiles.encode`` for ``given_up``."""
    output = job.output
    encode(
        spool,
        output.path,
        metadata=job.describe(),
        options=output.options,
        overwrite=output.overwrite,
        given_up=given_up,
    )


def result_of(job: Job, *, started: float) -> UpscaleResult:
    """Return the report on a finished job that began at ``started`` on the monotonic clock."""
    return UpscaleResult(
        source=job.draft.source,
        destination=job.output.path,
        source_size=job.picture.size,
        size=job.output.size,
        weights=job.model.name,
        restore=job.model.restore,
        steps=job.upscaler.sampler.steps,
        evaluations=job.upscaler.num_evaluations,
        seed=job.options.seed,
        fidelity=job.route.fidelity,
        device=str(job.upscaler.device),
        dtype=job.upscaler.dtype_name,
        planned_bytes=max(plan.device_bytes for plan in job.plans),
        peak_bytes=peak_device_bytes(job.upscaler.device),
        seconds=time.monotonic() - started,
    )


@contextmanager
def _kept_told(folder: JobFolder, on_event: OnEvent) -> Iterator[None]:
    """Say that the same command will go on, if the block is broken off and that is so."""
    try:
        yield
    except BaseException:
        if folder.is_worth_keeping:
            on_event(Kept())
        raise


@contextmanager
def _alpha(job: Job, journal: JobJournal, folder: Path, on_event: OnEvent) -> Iterator[AlphaOf | None]:
    """Yield the output's alpha channel, enlarged first if the base is to do it; ``None`` if there is none."""
    alpha = job.picture.alpha
    if alpha is None or job.alpha_format is None:
        yield None if alpha is None else plain_alpha(alpha, job.output.size)
        return
    with Spool(folder / "alpha.raw", job.output.size, job.alpha_format) as spool:
        done = journal.of_pass(ALPHA, PassOutput(spool, painting_alpha(spool)))
        enlarge_alpha(alpha, job.upscaler, job.route, done, on_event=on_event)
        yield spooled_alpha(spool)
