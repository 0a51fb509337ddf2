"""What the stages of a job share while it is done."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from infdit_cli.events import OnEvent
from infdit_cli.upscaling.job_journal import JobJournal


@dataclass(frozen=True, slots=True, kw_only=True)
class Workplace:
    """Where a job is done, and who is told.

    Args:
        journal: What is done already, and is being done.
        scratch: Folder for the pictures on the way, which stay there; their room is reserved at once.
        on_event: Told of progress.
    """

    journal: JobJournal
    scratch: Path
    on_event: OnEvent
