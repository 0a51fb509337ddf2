"""The front door: the Typer app, and the one place where an exception becomes an exit code."""

import errno
import platform
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Annotated, NoReturn

import typer

from infdit_cli import __version__, commands
from infdit_cli.console import Console, Failure
from infdit_cli.errors import DiskFull, InfditError, OutOfMemory, ResourceError
from infdit_cli.machine.exhaustion import in_one_line, is_a_gpus, out_of_memory_cause
from infdit_cli.machine.ulimits import how_to_raise

BUG = 70
INTERRUPTED = 128 + signal.SIGINT

app = typer.Typer(
    name="infdit",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("upscale")(commands.upscale)
app.command("plan")(commands.plan)
app.command("train")(commands.train)
app.command("eval")(commands.evaluate)
app.command("doctor")(commands.doctor)
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


class Stopped(BaseException):
    """A signal asked the process to end; not an ``Exception``, so that only ``finally`` meets it on the way.

    Args:
        number: The signal.
    """

    def __init__(self, number: signal.Signals) -> None:
        super().__init__(number.name)
        self.number = number


def main() -> NoReturn:
    """Run the command line of this process and exit with its code."""
    sys.exit(run(sys.argv[1:]))


def run(argv: Sequence[str]) -> int:
    """Run a command line and return its exit code; ``docs/cli.md`` has the table."""
    # Typer may reject a line before a command has read its options, so JSON is looked for here, too.
    console = Console(json="--json" in argv)
    try:
        with _sigterm_raises():
            return _dispatch(argv, console)
    except (Exception, KeyboardInterrupt, Stopped) as err:  # noqa: BLE001 - the only place that may
        why = _failure(err)
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


@contextmanager
def _sigterm_raises() -> Iterator[None]:
    """Turn SIGTERM into an exception, so that ``finally`` blocks remove temporary files."""

    def stop(number: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # a second one must not interrupt the cleaning up
        raise Stopped(signal.Signals(number))

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _failure(err: BaseException) -> Failure:
    """Judge an exception: what to tell, and the exit code. An empty message is not told."""
    kind = type(err).__name__
    match err:
        case InfditError() if (cause := out_of_memory_cause(err)) and not isinstance(err, ResourceError):
            return _out_of_memory(cause, err.message)
        case InfditError():
            return Failure(kind=kind, message=err.message, hint=err.hint, exit_code=err.exit_code)
        case typer.TyperException():
            return _usage(err)
        case Stopped():
            return Failure(kind=kind, message=str(err), exit_code=128 + err.number, label="stopped")
        case KeyboardInterrupt():
            return _failure(Stopped(signal.SIGINT))
    return _foreign_failure(err)


def _foreign_failure(err: BaseException) -> Failure:
    """Judge an exception of Python, Typer or torch: the machine's limits are errors, the rest are bugs."""
    match err:
        case BrokenPipeError():  # the reader of stdout has what it wanted
            return Failure(kind=type(err).__name__, message="", exit_code=InfditError.exit_code)
        case OSError(errno=errno.ENOSPC | errno.EDQUOT):
            message = f"the disk is full: {err}"
            return Failure(kind=DiskFull.__name__, message=message, exit_code=DiskFull.exit_code)
        case typer.Abort():  # what Typer makes of EOFError
            return _bug(err.__cause__ or err)
    cause = out_of_memory_cause(err)
    return _out_of_memory(cause, in_one_line(cause)) if cause else _bug(err)


def _usage(err: typer.TyperException) -> Failure:
    context = getattr(err, "ctx", None)  # an error of Typer's own has one, a command's need not
    hint = f"{context.command_path} --help shows what is possible" if context else None
    message = err.format_message().rstrip(".")  # empty where the help has stood in for the message
    return Failure(kind=type(err).__name__, message=message, hint=hint, exit_code=err.exit_code)


def _out_of_memory(cause: BaseException, message: str) -> Failure:
    instead = "use --device cpu" if is_a_gpus(cause) else how_to_raise() or "close other programs"
    return Failure(
        kind=OutOfMemory.__name__,
        message=message,
        hint=f"let it take less: --memory with a smaller amount, or {instead}",
        exit_code=OutOfMemory.exit_code,
    )


def _bug(err: BaseException) -> Failure:
    place = (
        f"infdit {__version__}, Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    )
    return Failure(
        kind=type(err).__name__,
        message=f"{type(err).__name__}: {err}",
        hint=f"please report it with the command you typed and what `infdit --debug ...` shows ({place})",
        exit_code=BUG,
        label="bug",
    )
