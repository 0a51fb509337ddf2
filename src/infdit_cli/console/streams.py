"""The process's own stdout and stderr, made safe to write to."""

import codecs
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TextIO, cast

_ESCAPE = "infdit_cli.escape"


def prepare() -> None:
    """Replace closed streams, let any text through stdout, name its failures, and let those of stderr pass.

    A file name that is no valid text leaves on stdout as its own bytes where names are bytes; what else
    stdout's encoding does not know is escaped. stderr always escapes both.
    """
    # Python's answer to `2>&-` is None, which nothing that prints expects.
    sys.stdout = sys.stdout or _nowhere()
    if not isinstance(sys.stderr, _Commentary):
        sys.stderr = cast("TextIO", _Commentary(sys.stderr or _nowhere()))
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors=_ESCAPE if os.name == "posix" else "backslashreplace")
    if not isinstance(sys.stdout, _Results):
        sys.stdout = cast("TextIO", _Results(sys.stdout))


class StdoutFailed(OSError):
    """What the system says when stdout takes nothing, told apart from what it says of files."""


@contextmanager
def _named() -> Iterator[None]:
    """Say of an ``OSError`` of the block that it is stdout's; a reader that has left is known already."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as err:
        raise StdoutFailed(err.errno, err.strerror or str(err)) from err


class _Wrapped:
    """A stream that is written to in a way of its own.

    Args:
        stream: The stream itself; all but writing is left to it.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


class _Results(_Wrapped):
    """stdout, whose failures are known by their type."""

    def write(self, text: str) -> int:
        """Write ``text``.

        Raises:
            StdoutFailed: If the system refuses.
            BrokenPipeError: If nobody reads it.
        """
        with _named():
            return self._stream.write(text)

    def flush(self) -> None:
        """Empty the stream.

        Raises:
            StdoutFailed: If the system refuses.
            BrokenPipeError: If nobody reads it.
        """
        with _named():
            self._stream.flush()


class _Commentary(_Wrapped):
    """stderr, which only comments: a full disk or a reader that is gone must not decide how a command ends.

    What one write could not get rid of goes with a later one, if that can.
    """

    def write(self, text: str) -> int:
        """Write ``text`` if that is possible, and claim so."""
        with suppress(OSError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Empty the stream if that is possible; the interpreter asks for it at exit, and counts a refusal."""
        with suppress(OSError):
            self._stream.flush()


def _escaped(err: UnicodeError) -> tuple[str | bytes, int]:
    """Stand in for one character that stdout cannot show; a byte of a file name is a lone surrogate here."""
    if not isinstance(err, UnicodeEncodeError):
        raise err
    char = err.object[err.start]
    if "\udc80" <= char <= "\udcff":
        return bytes([ord(char) & 0xFF]), err.start + 1
    return char.encode("ascii", "backslashreplace").decode("ascii"), err.start + 1


codecs.register_error(_ESCAPE, _escaped)


def can_show(text: str) -> bool:
    """Whether stdout's encoding knows ``text``: a pipe's need not on Windows, nor any in an old locale."""
    # While a bar moves, Rich stands before the stream, and names no encoding.
    stdout = getattr(sys.stdout, "rich_proxied_file", sys.stdout)
    try:
        text.encode(getattr(stdout, "encoding", None) or "ascii")
    except UnicodeEncodeError:
        return False
    return True


def discard_stdout() -> None:
    """Send what stdout still holds nowhere: the interpreter would complain when it flushes at exit."""
    with _nowhere() as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())


def _nowhere() -> io.TextIOWrapper:
    return Path(os.devnull).open("w", encoding="utf-8")
