"""What an exception means: the words for the user and the exit code."""

import platform
import signal

import typer

from infdit_cli import __version__
from infdit_cli.console.failure import Failure
from infdit_cli.console.foreign_options import ours
from infdit_cli.console.mistyped import mistyped_number
from infdit_cli.console.streams import StdoutFailed
from infdit_cli.errors import DiskFull, InfditError, OutOfMemory, OutputNotWritable, ResourceError
from infdit_cli.files import is_disk_full
from infdit_cli.machine.exhaustion import in_one_line, is_a_gpus, out_of_memory_cause
from infdit_cli.machine.ulimits import how_to_raise

BUG = 70
UPSCALE_MEMORY_HINT = "upscaling takes less with --block-batch 1"


class Stopped(BaseException):
    """A signal asked the process to end; not an ``Exception``, so that only ``finally`` meets it on the way.

    Args:
        number: The signal.
    """

    def __init__(self, number: signal.Signals) -> None:
        super().__init__(number.name)
        self.number = number


def judged(err: BaseException, *, memory_hint: str = UPSCALE_MEMORY_HINT) -> Failure:
    """Judge an exception: what to tell, and the exit code. An empty message is not told.

    Args:
        err: The exception.
        memory_hint: How the command takes less memory, told where it ran out.
    """
    kind = type(err).__name__
    match err:
        case InfditError() if (cause := out_of_memory_cause(err)) and not isinstance(err, ResourceError):
            return _out_of_memory(cause, err.message, memory_hint)
        case InfditError():
            return Failure(
                kind=kind,
                message=err.message,
                hint=err.hint,
                exit_code=err.exit_code,
                may_pass=err.may_pass,
            )
        case typer.TyperException():
            return _usage(err)
        case Stopped():
            return Failure(kind=kind, message=str(err), exit_code=128 + err.number, label="stopped")
        case KeyboardInterrupt():
            return judged(Stopped(signal.SIGINT))
    return _foreign_failure(err, memory_hint)


def _foreign_failure(err: BaseException, memory_hint: str) -> Failure:
    """Judge an exception of Python, Typer or torch: the machine's limits are errors, the rest are bugs."""
    match err:
        case BrokenPipeError():  # the reader of stdout has what it wanted
            return Failure(kind=type(err).__name__, message="", exit_code=InfditError.exit_code)
        case OSError() if is_disk_full(err):
            message = f"the disk is full: {err}"
            return Failure(
                kind=DiskFull.__name__, message=message, exit_code=DiskFull.exit_code, may_pass=True
            )
        case StdoutFailed():
            message = f"stdout: {err.strerror}"
            return Failure(
                kind=OutputNotWritable.__name__, message=message, exit_code=OutputNotWritable.exit_code
            )
        case typer.Abort():  # what Typer makes of EOFError
            return _bug(err.__cause__ or err)
    cause = out_of_memory_cause(err)
    return _out_of_memory(cause, in_one_line(cause), memory_hint) if cause else _bug(err)


def _usage(err: typer.TyperException) -> Failure:
    context = getattr(err, "ctx", None)  # an error of Typer's own has one, a command's need not
    hint = f"run {context.command_path} --help for usage" if context else None
    message = err.format_message().rstrip(".")  # empty where the help has stood in for the message
    message = message.replace("Value error, ", "")  # pydantic's word, by which Typer reads values
    if instead := _instead(err):
        message, hint = err.message, f"{instead}; {hint}"
    if mistyped := mistyped_number(err):
        message, hint = mistyped.message, mistyped.example or hint
    return Failure(kind=type(err).__name__, message=message, hint=hint, exit_code=err.exit_code)


def _instead(err: typer.TyperException) -> str | None:
    """Return what to type in place of an option that does not exist, if it is known what was meant."""
    context, option = getattr(err, "ctx", None), getattr(err, "option_name", "")
    if context is None or type(err).__name__ != "NoSuchOption":  # Typer does not export it
        return None
    if option == "--debug":
        return f"it goes before the command: infdit --debug {context.info_name}"
    return ours(option, {name for each in context.command.params for name in each.opts})


def _out_of_memory(cause: BaseException, message: str, memory_hint: str) -> Failure:
    instead = "use --device cpu" if is_a_gpus(cause) else how_to_raise() or "close other programs"
    return Failure(
        kind=OutOfMemory.__name__,
        message=message,
        hint=f"{instead}; {memory_hint}",
        exit_code=OutOfMemory.exit_code,
        may_pass=True,
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
