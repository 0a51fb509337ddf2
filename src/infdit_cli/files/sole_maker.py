"""One process at a time makes a file, and takes away what killed ones have left of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from infdit_cli.errors import JobLocked
from infdit_cli.files.durable import mark, resolved
from infdit_cli.files.failures import output_errors
from infdit_cli.files.unlock import unlock


@contextmanager
def sole_maker(path: Path) -> Iterator[None]:
    """Hold the lock on making ``path`` during the block, at whose start its halves go.

    The lock is the operating system's: a process that is killed never blocks the next one.

    Raises:
        JobLocked: If another process is making it.
        OutputError: If the folder takes no lock.
    """
    with output_errors(path):
        lock = _taken(path)
    try:
        remove_halves(path)
        yield
    finally:
        unlock(lock)


def remove_halves(path: Path) -> None:
    """Remove what killed processes left of a file that was to become ``path``, which nobody else makes."""
    for half in list(resolved(path).parent.glob(f"{mark(path)}-*")):
        with suppress(OSError):  # whoever's it is: the new file needs another name
            half.unlink()


def _taken(path: Path) -> FileLock:
    file = resolved(path).with_name(f"{mark(path)}.lock")
    while True:
        lock = FileLock(file)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise JobLocked(
                f"{path}: is already being made", hint="wait for it, or name another output"
            ) from None
        if file.exists():  # or else its last holder has just removed it
            return lock
        lock.release()
