"""What a run of the engine has around it, and what is known of it before it is computed."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

from infdit_cli.engine.held import FROM_THE_START, OnLeg, Resume
from infdit_cli.events import OnNote, ignore
from infdit_cli.plan import Walk


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Where a run keeps things, whom it tells, and where it goes on; none of it changes a pixel.

    Args:
        scratch: Folder for what the layout keeps on disk; ``None`` where it keeps nothing there.
        on_note: Told what the user should know while the run goes on.
        on_leg: Told whenever a leg of the visits is done.
        resume: Where to go on, if an earlier run of the same picture and layout was broken off.
    """

    scratch: Path | None = None
    on_note: OnNote = ignore
    on_leg: OnLeg = ignore
    resume: Resume = FROM_THE_START


UNATTENDED = Session()


@dataclass(frozen=True, kw_only=True)
class Run:
    """One picture, prepared but not yet computed.

    Args:
        num_visits: Super-block visits that it takes.
        num_done: Those of them that are done already.
        visits: Computes one visit each time it is advanced, and hands finished super-blocks to the sink.
            What it keeps meanwhile, on disk too, is given back when it ends, fails or is closed.
    """

    num_visits: int
    num_done: int
    visits: Generator[object]


@dataclass(frozen=True, slots=True)
class Course:
    """A walk in a session."""

    walk: Walk
    session: Session

    def run(self, visits: Generator[object]) -> Run:
        """Return the run that ``visits`` compute; all legs have the same number of them."""
        num_visits = self.walk.num_visits
        num_done = num_visits // self.walk.num_legs * self.session.resume.num_done
        return Run(num_visits=num_visits, num_done=num_done, visits=visits)
