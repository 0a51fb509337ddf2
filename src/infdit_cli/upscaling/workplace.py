"""What the stages of a job share while it is done, and the pictures that are kept on disk meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from infdit_cli.events import OnEvent
from infdit_cli.plan import Route
from infdit_cli.tiles import PixelFormat
from infdit_cli.upscaling.job_journal import JobJournal

# Between passes nothing is rounded: the next pass would take the steps of a gradient for detail.
SCRATCH = PixelFormat(3, np.dtype(np.float32))


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


def scratch_bytes(route: Route) -> int:
    """Return the bytes of all pictures that are kept on the way."""
    return sum(SCRATCH.nbytes(size) for size in route.scratch)
