"""Do a job that is planned: its pixels first, then its file, then the report on both."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from infdit_cli.events import Kept, Noted, OnEvent
from infdit_cli.machine.devices import peak_device_bytes
from infdit_cli.metadata import Metadata
from infdit_cli.plan import Plan
from infdit_cli.results import UpscaleResult
from infdit_cli.tiles import JobFolder, Spool, encode
from infdit_cli.upscaling.alpha import enlarge_alpha, plain_alpha, spooled_alpha
from infdit_cli.upscaling.chain import run_passes
from infdit_cli.upscaling.description import output_description
from infdit_cli.upscaling.job import Job
from infdit_cli.upscaling.job_journal import JobJournal
from infdit_cli.upscaling.leg_record import alpha_stage
from infdit_cli.upscaling.paint import AlphaOf, StageOutput, painting, painting_alpha
from infdit_cli.upscaling.resuming import open_journal
from infdit_cli.upscaling.sources import ArraySource
from infdit_cli.upscaling.workplace import Workplace


@dataclass(frozen=True, slots=True, kw_only=True)
class ComputedJob:
    """A job whose pixels are there.

    Args:
        job: As it was planned.
        plans: How each pass was really done: as by the unfinished run that was taken up, if one was.
        metadata: What the output says of itself.
        spool: Where the pixels lie, for as long as ``computed`` keeps it open.
    """

    job: Job
    plans: tuple[Plan, ...]
    metadata: Metadata
    spool: Spool


@contextmanager
def computed(job: Job, *, on_event: OnEvent) -> Iterator[ComputedJob]:
    """Compute every pixel of ``job``; yield it as it was done.

    What an unfinished run of the same job has left is taken up; what is done when this one is broken off,
    while it is encoded, too, is kept for the next.
    """
    for text in job.notes:
        on_event(Noted(text))
    with JobFolder(job.output.path, job.work) as folder, _kept_told(folder, job, on_event):
        # Now: when the pixels are done, hours later, the checkpoint's file may be another.
        metadata, _ = output_description(job.draft, job.model, lambda: job.model.sha256)
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
                StageOutput(spool, painting(spool, alpha)),
                workplace=Workplace(journal=journal, scratch=folder.path, on_event=on_event),
                seed=job.options.seed,
            )
            yield ComputedJob(job=job, plans=plans, metadata=metadata, spool=spool)


def write(done: ComputedJob, *, given_up: threading.Event | None = None) -> None:
    """Encode the finished pixels; see ``tiles.encode`` for ``given_up``."""
    output = done.job.output
    encode(
        done.spool,
        output.path,
        metadata=done.metadata,
        options=output.options,
        overwrite=output.overwrite,
        given_up=given_up,
    )


def result_of(done: ComputedJob, *, started: float) -> UpscaleResult:
    """Return the report on a finished job that began at ``started`` on the monotonic clock."""
    job = done.job
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
        planned_bytes=max(plan.device_bytes for plan in done.plans),
        peak_bytes=peak_device_bytes(job.upscaler.device),
        seconds=time.monotonic() - started,
    )


@contextmanager
def _kept_told(folder: JobFolder, job: Job, on_event: OnEvent) -> Iterator[None]:
    """Say that the same command will go on, if the block is broken off and that is so."""
    try:
        yield
    except BaseException:
        if folder.is_worth_keeping:
            on_event(Kept(fresh=job.options.fresh))
        raise


@contextmanager
def _alpha(job: Job, journal: JobJournal, folder: Path, on_event: OnEvent) -> Iterator[AlphaOf | None]:
    """Yield the output's alpha channel, enlarged first if the base is to do it; ``None`` if there is none."""
    alpha = job.picture.alpha
    if alpha is None or job.alpha_format is None:
        yield None if alpha is None else plain_alpha(alpha, job.output.size)
        return
    with Spool(folder / "alpha.raw", job.output.size, job.alpha_format) as spool:
        done = journal.of_stage(alpha_stage(), StageOutput(spool, painting_alpha(spool)))
        enlarge_alpha(alpha, job.upscaler, job.route, done, on_event=on_event)
        yield spooled_alpha(spool)
