"""Events drawn on stderr: a live bar with an ETA on a terminal, and lines worth keeping everywhere."""

import sys
from contextlib import AbstractContextManager
from types import TracebackType

from rich.console import Console as RichConsole
from rich.progress import BarColumn, Progress, Task, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.text import Text

from infdit_cli import amounts
from infdit_cli.console import wording
from infdit_cli.events import (
    BatchProgressed,
    Benched,
    BenchProgressed,
    BytesDone,
    Encoding,
    Event,
    Kept,
    Noted,
    OnEvent,
    Scored,
    Started,
    TrainingProgressed,
    Validated,
    Visited,
)
from infdit_cli.geometry import Size

# A block can take seconds on a CPU; rich's own half minute would hold too few of them for a steady ETA.
_ETA_WINDOW_S = 120.0


class _TimeLeft(TimeRemainingColumn):
    """``ETA 0:01:12``, and nothing while the end is unknown."""

    def render(self, task: Task) -> Text:
        return Text.assemble(("ETA ", "dim"), super().render(task)) if task.total else Text()


class ProgressDisplay(AbstractContextManager[OnEvent]):
    """Draws a job's events while the ``with`` block runs.

    Args:
        console: Rich's console on stderr.
        live: Draw a moving bar.
        quiet: Keep notes and validation lines back, too.

    Attributes:
        kept: What the job has said of going on from where it stopped.
    """

    def __init__(self, console: RichConsole, *, live: bool, quiet: bool) -> None:
        self._console = console
        self._quiet = quiet
        self.kept: Kept | None = None
        self._bar = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.fields[detail]}", markup=False, style="dim"),
            _TimeLeft(),
            console=console,
            transient=True,
            # Lines of a terminal go above the bar; what goes elsewhere must not come out on stderr.
            redirect_stdout=sys.stdout.isatty(),
            disable=not live,
            speed_estimate_period=_ETA_WINDOW_S,
        )
        self._task = self._bar.add_task("loading", total=None, detail="")

    def __enter__(self) -> OnEvent:
        self._bar.start()
        return self._draw

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def _draw(self, event: Event) -> None:
        match event:
            case Noted(text):
                self._say(f"note: {text}")
            case Started(size, num_visits, detail, num_done):
                self._begin(wording.pixels(size), num_done, num_visits, detail)
            case Visited(num_done):
                self._bar.update(self._task, completed=num_done)
            case Encoding(name):
                self._move(f"encoding {name}", 0, None)
            case BatchProgressed(name, number, num_pictures, done, total):
                self._move(name, done, total, f"{number}/{num_pictures}")
            case Kept():
                self.kept = event
            case Scored(name, num_done, num_total):
                self._move(name, num_done, num_total, f"{num_done}/{num_total} pictures")
            case BytesDone(job, name, done_bytes, total_bytes):
                self._move_bytes(f"{job} {name}", done_bytes, total_bytes)
            case TrainingProgressed() | Validated():
                self._draw_training(event)
            case _:
                self._draw_bench(event)

    def _begin(self, description: str, num_done: int, num_total: int, detail: str) -> None:
        """Show a new task: what an old one moved to would count as speed, and the ETA would believe it."""
        self._bar.remove_task(self._task)
        self._task = self._bar.add_task(
            wording.printable(description),
            completed=num_done,
            total=num_total,
            detail=wording.printable(detail),
        )

    def _draw_training(self, event: TrainingProgressed | Validated) -> None:
        if isinstance(event, Validated):
            scores = wording.validation(event.lanczos_db, event.model_db, event.model_lpips)
            where = "" if event.track == "clean" else f" on {event.track} pictures"
            self._say(f"{event.stage} step {event.step:,}{where}: {scores}")
            return
        detail = f"loss {event.loss:.4f}, {event.samples_per_s:.1f} crops/s"
        self._move(f"{event.stage} step {event.step:,}", event.fraction, 1.0, detail)

    def _draw_bench(self, event: BenchProgressed | Benched) -> None:
        side = wording.pixels(Size(event.size_px, event.size_px))
        name = f"{side}, {event.peer}" if event.peer else side
        if isinstance(event, Benched):
            what = "an evaluation" if event.peer else "a picture"
            took = "" if event.seconds is None else f"{event.seconds:.3g} s {what}"
            self._say(f"{name}: {event.failure or took}")
            self._move("loading", 0, None)
        elif event.num_done:
            self._bar.update(self._task, completed=event.num_done)
        else:
            run = f"run {event.run} of {event.num_runs}" if event.run else "first run, not timed"
            self._begin(name, 0, event.num_visits, run)

    def _move_bytes(self, description: str, done_bytes: int, total_bytes: int | None) -> None:
        if total_bytes is None:
            self._bar.update(self._task, description=description, detail=amounts.size(done_bytes))
            return
        detail = f"{amounts.size(done_bytes)} of {amounts.size(total_bytes)}"
        self._move(description, done_bytes, total_bytes, detail)

    def _move(self, description: str, done: float, total: float | None, detail: str = "") -> None:
        # Rich reads total=None in update() as "leave it", so an unknown end is a new task.
        if total is None:
            self._bar.remove_task(self._task)
            self._task = self._bar.add_task(wording.printable(description), total=None, detail=detail)
            return
        self._bar.update(
            self._task,
            description=wording.printable(description),
            completed=done,
            total=total,
            detail=wording.printable(detail),
        )

    def _say(self, line: str) -> None:
        if not self._quiet:
            self._console.print(Text(wording.printable(line)))
