"""The one voice of the command line: results on stdout, everything else on stderr."""

import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from rich.console import Console as RichConsole
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from infdit_cli.console import envelope, streams, wording
from infdit_cli.console.checkup import checkup_lines
from infdit_cli.console.failure import Failure
from infdit_cli.console.plan_report import plan_lines
from infdit_cli.console.progress import ProgressDisplay
from infdit_cli.console.report import Result, lines, score_table, summary, weights_table
from infdit_cli.results import DoctorResult, EvaluationResult, PlanResult, WeightsList

_RESUMES = "what is done is kept: run the same command to resume"
_STYLES = {"error": "bold red", "stopped": "bold yellow", "bug": "bold red"}


class Console:
    """Tells one command's progress, result or failure.

    Args:
        json: Print one JSON envelope on stdout instead of text.

    Attributes:
        command: The command's name, once Typer knows it.
        debug: Show tracebacks.
    """

    def __init__(self, *, json: bool = False) -> None:
        self.command: str | None = None
        self.debug = False
        self._json = json
        self._quiet = False
        self._stop_hint: str | None = None
        self._display: ProgressDisplay | None = None
        streams.prepare()
        self._stderr = _plain_console(stderr=True)

    def begin(self, *, json: bool, quiet: bool, stop_hint: str | None = None) -> None:
        """Take a command's own wishes: how to speak, and what to advise when it is stopped."""
        self._json = json
        self._quiet = quiet
        self._stop_hint = stop_hint

    def progress(self) -> ProgressDisplay:
        """Return a context that draws the events handed to it."""
        # isatty() itself: FORCE_COLOR makes rich call a log file a terminal, and bars would fill it.
        live = self._stderr.is_interactive and sys.stderr.isatty() and not self._quiet
        self._display = ProgressDisplay(self._stderr, live=live, quiet=self._quiet)
        return self._display

    def result(self, result: Result) -> None:
        """Print a job's result: a path or a table on stdout, and a summary for a person watching."""
        told = summary(result)
        if told and sys.stderr.isatty() and not self._quiet:
            self._stderr.print(Text(wording.printable(told)))
        if self._json:
            _write(envelope.success(self.command, result))
            return
        match result:
            case EvaluationResult():
                _print_table(lambda boxed: score_table(result, boxed=boxed))
            case WeightsList():
                _print_table(lambda boxed: weights_table(result, boxed=boxed))
            case DoctorResult():
                _write("\n".join(checkup_lines(result)))
            case PlanResult():
                _write("\n".join(plan_lines(result)))
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
        if self.debug:
            self._stderr.print(Text(wording.printable("".join(traceback.format_exception(cause)))))
        if why.label == "bug" and self._stderr.is_terminal:
            self._tell_bug(why)
        else:
            self._tell(why)
        if self._json:
            with suppress(OSError):  # stdout may be the very thing that failed
                _write(envelope.failure(self.command, why))

    def _hint(self, why: Failure) -> str | None:
        """Return what to do next; also that nothing is lost, where that is so."""
        is_kept = self._display is not None and self._display.is_kept
        if why.label == "stopped":
            return _RESUMES if is_kept else self._stop_hint
        if is_kept and why.label == "error":
            return f"{why.hint}; {_RESUMES}" if why.hint else _RESUMES
        return why.hint

    def _tell(self, why: Failure) -> None:
        label = (f"infdit: {why.label}: ", _STYLES[why.label])
        self._stderr.print(Text.assemble(label, wording.printable(why.message)))
        if why.hint:
            self._stderr.print(Text.assemble(("hint: ", "bold"), wording.printable(why.hint)))

    def _tell_bug(self, why: Failure) -> None:
        body = Text(wording.printable(f"{why.message}\n\n{why.hint}"))
        self._stderr.print(Panel(body, title="This is a bug in infdit", border_style="red"))


def _plain_console(*, stderr: bool) -> RichConsole:
    """Return a rich console that shows text as it is: no markup, emoji codes, highlights or wrapping."""
    return RichConsole(stderr=stderr, markup=False, emoji=False, highlight=False, soft_wrap=True)


def _write(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _print_table(build: Callable[[bool], Table]) -> None:
    """Print a table with rules on a terminal, as bare columns of full width in a pipe."""
    stdout = _plain_console(stderr=False)
    boxed = stdout.is_terminal
    if not boxed:
        stdout.width = 10_000  # nobody looks at the edge of a pipe, and a cell must not be cut
    stdout.print(build(boxed))
