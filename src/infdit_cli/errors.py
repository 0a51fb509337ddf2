"""Every failure a user can meet: what happened, what to do next, and the exit code.

A branch of the tree owns an exit code; its children refine the message. ``console.judged`` is the
only place that turns an error into a line and a code; everything below raises.
"""

import re
from copy import copy
from typing import ClassVar, Self

_OPTION = re.compile(r"(?<!\S)--([a-z][a-z-]*)")


def first_line(said: BaseException | str, default: str | None = None) -> str:
    """Return the first line of what an error says, if it says nothing ``default``, or what kind it is."""
    kind = type(said).__name__ if default is None else default
    return next(iter(str(said).strip().splitlines()), kind)


class InfditError(Exception):
    """A failure with a message for the user.

    Args:
        message: What happened, to which file, with which numbers. One line, no full stop needed.
        hint: The command or change to try next.
    """

    exit_code: ClassVar[int] = 1
    may_pass: bool = False  # whether the same may go well later, by itself or once something is freed

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def reworded(self, message: str, *, hint: str | None = None) -> Self:
        """Return the same error, with all that it carries, in other words; ``None`` keeps its hint."""
        other = copy(self)
        other.message, other.hint, other.args = message, hint or self.hint, (message,)
        return other


class SomeFailed(InfditError):
    """Some of several pictures, or resolutions of a benchmark, failed; each was told when it did."""


class OptionError(InfditError):
    """An option's value makes no sense, alone or with another option.

    ``message`` names options as the command line does; the text of the exception, which callers from Python
    see, names them as Python does.
    """

    exit_code = 2

    def __str__(self) -> str:
        return _OPTION.sub(lambda found: found[1].replace("-", "_"), self.message)


class WouldShrink(OptionError):
    """The picture is larger than the size asked for; of several pictures the others may well be smaller."""


class InputImageError(InfditError):
    """The input picture cannot be used.

    Args:
        message: See ``InfditError``.
        hint: The same.
        may_pass: Whether it is not the picture's fault, but one of the system that was asked for it.
    """

    exit_code = 3

    def __init__(self, message: str, *, hint: str | None = None, may_pass: bool = False) -> None:
        super().__init__(message, hint=hint)
        self.may_pass = may_pass


class UnreadableImage(InputImageError):
    """The input is missing, is not a picture, or is damaged."""


class UnsupportedImage(InputImageError):
    """The input is a picture of a kind, or of a size, that is not handled."""


class OutputError(InfditError):
    """The output picture cannot be written."""

    exit_code = 4


class OutputExists(OutputError):
    """The output file is already there and ``--overwrite`` was not given."""


class OutputNotWritable(OutputError):
    """The output folder is missing, is no folder, or cannot be written to."""

    may_pass = True


class FormatLimit(OutputError):
    """The output is larger than its container can hold, or the container is not known."""


class DiskFull(OutputError):
    """The file system holds too few free bytes for the spool or the output."""

    may_pass = True


class WeightsError(InfditError):
    """A checkpoint is missing, damaged, or not the one that was expected."""

    exit_code = 5


class UnknownWeights(WeightsError):
    """No entry and no file of that name."""


class MissingWeights(WeightsError):
    """The weights are known by name, but are not on this machine."""


class UnknownKeys(WeightsError):
    """A checkpoint's tensors do not fit the model that its config describes."""


class DownloadFailed(WeightsError):
    """No source gave the whole file."""


class ChecksumMismatch(WeightsError):
    """A file is complete, but its bytes are not the expected ones."""


class ForbiddenPickle(WeightsError):
    """The weights in a pickle need more than tensors to be rebuilt; nothing of it was run."""


class NonFiniteOutput(WeightsError):
    """The network gives numbers that are infinite or none at all, even when it computes in float32."""


class ResourceError(InfditError):
    """The machine lacks memory or a device."""

    exit_code = 6
    may_pass = True


class DoesNotFit(ResourceError):
    """No plan stays within the memory budget; the message names the smallest that would.

    Args:
        message, hint: As of any ``InfditError``.
        needed_bytes: The smallest amount; 0 where several things are short.
    """

    def __init__(self, message: str, *, hint: str | None = None, needed_bytes: int = 0) -> None:
        super().__init__(message, hint=hint)
        self.needed_bytes = needed_bytes


class OutOfMemory(ResourceError):
    """A device ran out of memory although the plan said it would fit."""


class DeviceUnavailable(ResourceError):
    """The asked-for device is not present, or cannot run the asked-for dtype."""


class JournalError(InfditError):
    """The working files of an unfinished picture cannot be used, and starting over would be wrong, too."""

    exit_code = 7


class JobLocked(JournalError):
    """Another process is making the same output at this moment."""

    may_pass = True


class MissingExtra(InfditError):
    """A package that only this feature needs cannot be imported."""

    exit_code = 8


class TrainingError(InfditError):
    """Training cannot start or go on: no data, a diverged loss, a foreign training state."""

    exit_code = 9
