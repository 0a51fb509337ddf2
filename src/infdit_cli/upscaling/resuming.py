"""Take up what an unfinished run has left, if it was a run of the same job."""

from __future__ import annotations

from infdit_cli.errors import DoesNotFit
from infdit_cli.events import OnNote
from infdit_cli.plan import Plan
from infdit_cli.tiles import JOURNAL, JobFolder, Journal
from infdit_cli.upscaling.identity import differences, identity
from infdit_cli.upscaling.job import Job
from infdit_cli.upscaling.job_journal import Header, JobJournal
from infdit_cli.upscaling.sources import ArraySource


def open_journal(folder: JobFolder, job: Job, on_note: OnNote) -> tuple[JobJournal, tuple[Plan, ...]]:
    """Return the journal of ``job``, taken up or begun, and how each pass is walked.

    What another job has left in the folder is removed. A run that is taken up keeps its super-blocks,
    whatever would be planned now.

    Args:
        folder: The job's, locked.
        job: Read, checked and planned.
        on_note: Told why an unfinished run cannot be taken up.

    Raises:
        OutputError: If the disk is full or fails.
    """
    told = identity(job)
    journal = Journal(folder.path / JOURNAL)
    header = None if job.options.fresh else _header(journal, on_note)
    plans = _plans_like(header, job, told, on_note) if header else None
    if header is None or plans is None:
        folder.clear()
        journal = Journal(folder.path / JOURNAL)
        header, plans = _new_header(job, told), job.plans
        journal.append(header.to_record())
    folder.is_worth_keeping = len(journal.records) > 1
    return JobJournal(folder, journal, vector=header.vector_tensor, on_note=on_note), plans


def _header(journal: Journal, on_note: OnNote) -> Header | None:
    """Return the header of an earlier run that has come to something."""
    if journal.is_damaged:
        on_note("the journal of an unfinished run is damaged; what follows the damage is done again")
    if len(journal.records) < 2:
        return None
    header = Header.of(journal.records[0])
    if header is None:
        on_note("an unfinished run was discarded, because another version of infdit began it")
    return header


def _plans_like(header: Header, job: Job, told: dict[str, str], on_note: OnNote) -> tuple[Plan, ...] | None:
    """Return plans with the same super-blocks as an earlier run, or ``None`` if it cannot be taken up."""
    changed = differences(told, header.identity)
    if changed:
        on_note(f"an unfinished run was discarded, because this differs: {', '.join(changed)}")
        return None
    try:
        return job.planner.plans(job.route, like=header.layouts)
    except DoesNotFit as err:
        on_note(f"an unfinished run was discarded, because there is less memory now: {err.message}")
        return None


def _new_header(job: Job, told: dict[str, str]) -> Header:
    vector = job.upscaler.vector(ArraySource(job.picture.rgb), size=job.route.passes[0])
    return Header(
        identity=told,
        layouts=tuple(plan.layout for plan in job.plans),
        vector=None if vector is None else tuple(vector.flatten().tolist()),
    )
