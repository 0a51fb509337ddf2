"""The process's own stdout and stderr, made safe to write to."""

import io
import os
import sys
from pathlib import Path


def prepare() -> None:
    """Replace closed streams, and let a file name that is no valid text through.

    Such a name leaves on stdout as its own bytes where names are bytes; stderr always escapes it.
    """
    # Python's answer to `2>&-` is None, which nothing that prints expects.
    sys.stdout = sys.stdout or _nowhere()
    sys.stderr = sys.stderr or _nowhere()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="surrogateescape" if os.name == "posix" else "backslashreplace")


def can_show(text: str) -> bool:
    """Whether stdout's encoding knows ``text``: a pipe's need not on Windows, nor any in an old locale."""
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "ascii")
    except UnicodeEncodeError:
        return False
    return True


def discard_stdout() -> None:
    """Send what stdout still holds nowhere: the interpreter would complain when it flushes at exit."""
    with _nowhere() as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())


def _nowhere() -> io.TextIOWrapper:
    return Path(os.devnull).open("w", encoding="utf-8")
