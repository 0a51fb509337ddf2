"""The one voice of the command line: results on stdout, everything else on stderr."""

import sys
import traceback
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace

from rich.console import Console as RichConsole
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from infdit_cli.console import envelope, streams, wording
from infdit_cli.console.batch_report import BatchSetting, Voice
from infdit_cli.console.bench_report import bench_lines
from infdit_cli.console.doctor_report import doctor_lines
from infdit_cli.console.failure import Failure
from infdit_cli.console.judgement import UPSCALE_MEMORY_HINT, judged
from infdit_cli.console.plan_batch_report import PlanBatchReport
from infdit_cli.console.plan_report import plan_lines
from infdit_cli.console.progress import ProgressDisplay
from infdit_cli.console.report import Result, lines, plain_weights_table, summary, weights_tables
from infdit_cli.console.score_table import score_table
from infdit_cli.console.table_width import ENDLESS, settle_width
from infdit_cli.console.upscale_batch_report import UpscaleBatchReport
from infdit_cli.errors import InfditError, OutputExists
from infdit_cli.events import Kept
from infdit_cli.results import (
    BenchResult,
    DoctorResult,
    EvaluationResult,
    Metric,
    PlanResult,
    TrackScores,
    WeightsList,
)

_STYLES = {"error": "bold red", "stopped": "bold yellow", "bug": "bold red"}


class Console:
    """Tells one command's progress, result or failure.

    Args:
        json: Print one JSON envelope on stdout instead of text.

    Attributes:
        command: The command's name, once Typer knows it.
        debug: Show tracebacks.
        memory_hint: How the command takes less memory.
    """

    def __init__(self, *, json: bool = False) -> None:
        self.command: str | None = None
        self.debug = False
        self.memory_hint = UPSCALE_MEMORY_HINT
        self._json = json
        self._quiet = False
        self._stop_hint: str | None = None
        self._told: BaseException | None = None
        self._is_summed_up = False
        self._display: ProgressDisplay | None = None
        streams.prepare()
        self._stderr = _plain_console(stderr=True)

    def begin(
        self, *, json: bool, quiet: bool, stop_hint: str | None = None, memory_hint: str = UPSCALE_MEMORY_HINT
    ) -> None:
        """Take a command's own wishes: how to speak, what to advise when it is stopped or has no memory."""
        self.memory_hint = memory_hint
        self._json = json
        self._quiet = quiet
        self._stop_hint = stop_hint

    def progress(self) -> ProgressDisplay:
        """Return a context that draws the events handed to it."""
        self._display = ProgressDisplay(
            self._stderr, live=self._is_live and not self._quiet, quiet=self._quiet
        )
        return self._display

    def batch(
        self, num_pictures: int, *, restores_unasked: bool = False, overwrites: bool = False
    ) -> UpscaleBatchReport:
        """Return a report on ``num_pictures``, each told when it is done."""
        return UpscaleBatchReport(
            self._batch(num_pictures, restores_unasked=restores_unasked), overwrites=overwrites
        )

    def planned_batch(self, num_pictures: int, *, restores_unasked: bool = False) -> PlanBatchReport:
        """Return a report on ``num_pictures``, each told when it is planned."""
        return PlanBatchReport(self._batch(num_pictures, restores_unasked=restores_unasked))

    def _batch(self, num_pictures: int, *, restores_unasked: bool) -> BatchSetting:
        return BatchSetting(
            voice=Voice(
                result=_write_now,
                last_result=self._write_summary,
                line=self._say,
                failure=self._tell_picture,
            ),
            command=self.command,
            num_pictures=num_pictures,
            json=self._json,
            lines=not self._is_live,
            restores_unasked=restores_unasked,
        )

    def result(self, result: Result, *, failed: InfditError | None = None) -> None:
        """Print a job's result: a path or a table on stdout, and a summary for a person watching.

        Args:
            result: What the job came to.
            failed: What of it failed and will end the program; one line of JSON holds both.
        """
        told = summary(result)
        if told and sys.stderr.isatty():
            self._say(told)
        if self._json:
            self._write_result(result, failed)
            return
        match result:
            case EvaluationResult():
                _print_scores(result)
            case WeightsList():
                _print_table(weights_tables(result), plain_weights_table(result))
            case DoctorResult():
                _write("\n".join(doctor_lines(result)))
            case PlanResult():
                _write("\n".join(plan_lines(result)))
            case BenchResult():
                _write("\n".join(bench_lines(result)))
            case _:
                for line in lines(result):
                    _write(line)

    def finish(self) -> None:
        """Empty stdout; if nobody takes what is left, drop it without a word."""
        try:
            sys.stdout.flush()
        except OSError:
            streams.discard_stdout()

    def fail(self, why: Failure, cause: BaseException) -> None:
        """Tell a failure on stderr and, when JSON is wanted, on stdout, too."""
        why = replace(why, hint=self._hint(why))
        if cause is not self._told:
            self._show_traceback(cause)
        if why.label == "bug" and self._stderr.is_terminal:
            self._tell_bug(why)
        else:
            self._tell(why, is_news=cause is not self._told)
        if self._json and not self._is_summed_up:
            with suppress(OSError):  # stdout may be the very thing that failed
                _write(envelope.failure(self.command, why))

    def _hint(self, why: Failure) -> str | None:
        """Return what to do next; also that nothing is lost, where that is so."""
        kept = self._display.kept if self._display else None
        if why.label == "stopped":
            return _resumes(kept, why) if kept else self._stop_hint
        if kept and why.label == "error":
            resumes = _resumes(kept, why)
            return f"{why.hint}; {resumes}" if why.hint else resumes
        return why.hint

    @property
    def _is_live(self) -> bool:
        # isatty() itself: FORCE_COLOR makes rich call a log file a terminal, and bars would fill it.
        return self._stderr.is_interactive and sys.stderr.isatty()

    def _say(self, line: str) -> None:
        if not self._quiet:
            self._stderr.print(Text(wording.printable(line)))

    def _write_result(self, result: Result, failed: InfditError | None) -> None:
        """Print the one envelope; an error that comes after it gets no other."""
        self._is_summed_up = True
        if failed:
            why = judged(failed)
            _write(envelope.partial(self.command, result, replace(why, hint=self._hint(why))))
        else:
            _write(envelope.success(self.command, result))

    def _write_summary(self, line: str) -> None:
        self._is_summed_up = True
        _write_now(line)

    def _tell_picture(self, why: Failure, cause: BaseException) -> None:
        """Tell why one picture of a batch failed; when it ends the batch, it is not told again."""
        self._show_traceback(cause)
        self._tell(replace(why, hint=None))
        self._told = cause

    def _show_traceback(self, cause: BaseException) -> None:
        if self.debug:
            self._stderr.print(Text(wording.printable("".join(traceback.format_exception(cause)))))

    def _tell(self, why: Failure, *, is_news: bool = True) -> None:
        label = (f"infdit: {why.label}: ", _STYLES[why.label])
        if is_news:
            self._stderr.print(Text.assemble(label, wording.printable(why.message)))
        if why.hint:
            self._stderr.print(Text.assemble(("hint: ", "bold"), wording.printable(why.hint)))

    def _tell_bug(self, why: Failure) -> None:
        body = Text(wording.printable(f"{why.message}\n\n{why.hint}"))
        panel = Panel(body, title="This is a bug in infdit", border_style="red")
        self._stderr.print(panel, soft_wrap=False)  # what does not fit is wrapped, or a panel cuts it off


def _resumes(kept: Kept, why: Failure) -> str:
    """Say how to go on from what is kept."""
    # Something has taken the output's place meanwhile: as it is, the same command would be refused.
    first = "once the place is free, " if why.kind == OutputExists.__name__ else ""
    how = " without --fresh" if kept.fresh else ""
    return f"what is done is kept: {first}run the same command{how} to resume"


def _plain_console(*, stderr: bool) -> RichConsole:
    """Return a rich console that shows text as it is: no markup, emoji codes, highlights or wrapping."""
    return RichConsole(stderr=stderr, markup=False, emoji=False, highlight=False, soft_wrap=True)


def _write(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _write_now(line: str) -> None:
    """Print a line of a batch without delay: what reads it may work on the picture meanwhile."""
    _write(line)
    sys.stdout.flush()


def _print_scores(result: EvaluationResult) -> None:
    """Print what was measured, and a table for each track with an empty line between them."""
    _write(wording.printable(wording.model(result.weights, result.restore)))
    for number, track in enumerate(result.tracks):
        if number:
            _write("")
        _print_track(track, result.metrics)


def _print_track(track: TrackScores, metrics: tuple[Metric, ...]) -> None:
    arrow = "↓" if streams.can_show("↓") else "(less is better)"
    boxed, plain = (score_table(track, metrics, boxed=boxed, arrow=arrow) for boxed in (True, False))
    _print_table([boxed], plain)


def _print_table(boxed: Iterable[Table], plain: Table) -> None:
    """Print the first of ``boxed`` that the terminal is wide enough for; ``plain`` if none, and in a pipe."""
    stdout = _plain_console(stderr=False)
    fitting = (table for table in boxed if settle_width(table) <= stdout.width)
    table = next(fitting, None) if stdout.is_terminal else None
    if table is None:
        stdout.width = ENDLESS  # nobody looks at the edge of a pipe, and a cell must not be cut
    stdout.print(table or plain)
