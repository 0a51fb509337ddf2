"""From what the operating system says to what the user is told."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infdit_cli.errors import DiskFull, OutputError, OutputExists, OutputNotWritable
from infdit_cli.files.durable import is_disk_full

_REFUSED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOENT, errno.ENOTDIR, errno.EISDIR})


@contextmanager
def output_errors(path: Path) -> Iterator[None]:
    """Turn an ``OSError`` of the block into an ``OutputError`` about ``path``."""
    try:
        yield
    except OSError as err:
        raise _output_error(path, err) from err


def already_exists(path: Path) -> OutputExists:
    """Return the error of an output whose place is taken, with what to do about it."""
    return OutputExists(f"{path}: already exists", hint="--overwrite replaces it")


def disk_full(message: str) -> DiskFull:
    """Return the error of an output's disk without room, with what to do about it."""
    return DiskFull(message, hint="free some space, or write to another disk")


def _output_error(path: Path, err: OSError) -> OutputError:
    message = f"{path}: {err.strerror or err}"
    if is_disk_full(err):
        return disk_full(message)
    if err.errno in _REFUSED:
        return OutputNotWritable(message, hint="choose a folder that exists and that you may write to")
    return OutputError(message)
