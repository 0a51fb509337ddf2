"""The front door: the Typer app, and the one place where an exception ends the program."""

import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Annotated, NoReturn

import typer

from infdit_cli import __version__, commands
from infdit_cli.console import BUG, Console, Stopped, judged
from infdit_cli.machine.dropped import dropped_requests_return
from infdit_cli.machine.signals import HANGUP, is_ignored

__all__ = ["BUG", "INTERRUPTED", "app", "main", "run"]

INTERRUPTED = 128 + signal.SIGINT

app = typer.Typer(
    name="infdit",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    cls=commands.PlainGroup,
)
app.command("upscale", cls=commands.PlainCommand, epilog=commands.UPSCALE_EXAMPLES)(commands.upscale)
app.command("plan", cls=commands.PlainCommand)(commands.plan)
app.command("train", cls=commands.PlainCommand)(commands.train)
app.command("eval", cls=commands.PlainCommand)(commands.evaluate)
app.command("bench", cls=commands.PlainCommand)(commands.bench)
app.command("doctor", cls=commands.PlainCommand)(commands.doctor)
app.add_typer(commands.weights, name="weights")


def _show_version(wanted: bool) -> None:  # noqa: FBT001 - Typer hands a flag's value over by position
    if wanted:
        typer.echo(f"infdit {__version__}")
        raise typer.Exit


@app.callback()
def infdit(
    ctx: typer.Context,
    *,
    version: Annotated[  # noqa: ARG001 - its callback does the work
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit."),
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", envvar="INFDIT_DEBUG", help="Show the traceback of any failure.")
    ] = False,
) -> None:
    """Upscale pictures in bounded memory with a diffusion transformer (Inf-DiT)."""
    console: Console = ctx.obj
    console.command = ctx.invoked_subcommand
    console.debug = debug


def main() -> NoReturn:
    """Run the command line of this process and exit with its code."""
    sys.exit(run(sys.argv[1:]))


def run(argv: Sequence[str]) -> int:
    """Run a command line and return its exit code; ``docs/cli.md`` has the table."""
    # Typer may reject a line before a command has read its options, so JSON is looked for here, too.
    console = Console(json="--json" in argv)
    requests: list[Stopped] = []
    try:
        with _requests_to_end_raise(requests):
            return _dispatch(argv, console)
    except (Exception, KeyboardInterrupt, Stopped) as err:  # noqa: BLE001 - the only place that may
        why = judged(err, memory_hint=console.memory_hint)
        if why.exit_code == BUG and requests:  # a library in C has made an error of its own of it
            why = judged(requests[-1])
        if why.message:
            console.fail(why, err)
        return why.exit_code
    finally:
        console.finish()


def _dispatch(argv: Sequence[str], console: Console) -> int:
    code = app(list(argv), prog_name="infdit", standalone_mode=False, obj=console)
    if code == INTERRUPTED:  # what Typer makes of KeyboardInterrupt
        raise Stopped(signal.SIGINT)
    sys.stdout.flush()  # here a full disk is still told; at exit it is not
    return code or 0


class _Interrupted(KeyboardInterrupt):
    """Ctrl-C.

    Where a plain KeyboardInterrupt has gone through an ``exec`` of a string, as dataclasses have it, CPython
    ends ``python -m`` by a signal although it was caught. A subclass is none to CPython.
    """


@contextmanager
def _requests_to_end_raise(requests: list[Stopped]) -> Iterator[None]:
    """Turn SIGINT, SIGTERM and SIGHUP into exceptions, so that ``finally`` blocks remove temporary files.

    Args:
        requests: Gets one for each that came.
    """
    numbers = _requests_to_end()

    def stop(number: int, _frame: FrameType | None) -> None:
        for each in numbers:  # a second one must not interrupt the cleaning up
            signal.signal(each, signal.SIG_IGN)
        requests.append(Stopped(signal.Signals(number)))
        raise requests[-1]

    def interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
        requests.append(Stopped(signal.SIGINT))
        raise _Interrupted

    before = {number: signal.signal(number, stop) for number in numbers}
    if not is_ignored(signal.SIGINT):
        before[signal.SIGINT] = signal.signal(signal.SIGINT, interrupt)
    try:
        with dropped_requests_return(_number_of):
            yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _number_of(err: BaseException | None) -> int | None:
    match err:
        case Stopped():
            return err.number
        case _Interrupted():
            return signal.SIGINT
    return None


def _requests_to_end() -> list[signal.Signals]:
    """Return SIGTERM and, unless nohup lets the program outlive its terminal, what a closed one sends."""
    return [signal.SIGTERM, *(each for each in HANGUP if not is_ignored(each))]
