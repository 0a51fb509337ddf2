"""One process at a time makes a file, and takes away what killed ones have left of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from infdit_cli.errors import JobLocked
from infdit_cli.files.durable import halves_of, mark, resolved
from infdit_cli.files.failures import output_errors
from infdit_cli.files.locks import held


@contextmanager
def sole_maker(path: Path) -> Iterator[None]:
    """Hold the lock on making ``path`` during the block, at whose start its halves go.

    The lock is the operating system's: a process that is killed never blocks the next one.

    Raises:
        JobLocked: If another process is making it.
        OutputError: If the folder takes no lock.
    """
    with output_errors(path):
        lock = resolved(path).with_name(f"{mark(path)}.lock")
    with held(lock, lambda: _is_being_made(path), output=path):
        remove_halves(path)
        yield


def remove_halves(path: Path) -> None:
    """Remove what killed processes left of a file that was to become ``path``, which nobody else makes."""
    for half in halves_of(path):
        with suppress(OSError):  # whoever's it is: the new file needs another name
            half.unlink()


def _is_being_made(path: Path) -> JobLocked:
    return JobLocked(
        f"{path}: is already being written by another infdit", hint="wait for it, or name another output"
    )
