"""Journals of jobs that are about to begin, and of jobs that are to be broken off."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from infdit_cli.tiles import JOURNAL, JobFolder, Journal
from infdit_cli.upscaling.job_journal import Header, JobJournal

HEADER = Header(identity={"the input": "a picture"}, layouts=(), vector=None)


def write_every_leg_down(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every leg of a job written into its journal, however much of the time that takes."""
    monkeypatch.setattr("infdit_cli.upscaling.journal_pace.FREE_S", math.inf)


@contextmanager
def job_journal(folder: Path, notes: list[str] | None = None) -> Iterator[JobJournal]:
    """Yield the journal of a job that works on ``folder / "out.png"``, taken up if there is one."""
    folder.mkdir(exist_ok=True)
    with JobFolder(folder / "out.png", folder) as job_folder:
        journal = Journal(job_folder.path / JOURNAL)
        if not journal.records:
            journal.append(HEADER.to_record())
        job_folder.is_worth_keeping = True
        told = [] if notes is None else notes
        yield JobJournal(job_folder, journal, vector=None, on_note=told.append)
