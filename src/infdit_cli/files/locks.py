"""A lock whose file is there only while it is held."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from infdit_cli.errors import JobLocked
from infdit_cli.files.failures import output_errors

# Times that another process may remove the folder between two lines of ours.
_MOST_LOST = 20


@contextmanager
def held(path: Path, refusal: Callable[[], JobLocked], *, output: Path) -> Iterator[None]:
    """Hold the lock ``path`` during the block.

    Args:
        path: The lock's file.
        refusal: Makes the error that is raised if another process has the lock.
        output: What is being made meanwhile; an error of the disk names it, for nobody knows the lock.

    Raises:
        JobLocked: If another process has it.
        OutputError: If its file cannot be made.
    """
    lock = FileLock(path, thread_local=False)
    with output_errors(output):
        is_ours = take(lock)
    if not is_ours:
        raise refusal()
    try:
        yield
    finally:
        unlock(lock)


def take(lock: FileLock) -> bool:
    """Take the lock, unless another process has it; its folder is made if it is missing.

    The lock is the operating system's, so a process that is killed never blocks the next one.

    Returns:
        Whether it is ours now.

    Raises:
        OSError: If its file cannot be made.
    """
    lost = 0
    while True:
        try:
            Path(lock.lock_file).parent.mkdir(exist_ok=True)
            if take_once(lock):  # or else the folder may have gone, too
                return True
        except Timeout:
            return False
        except (FileExistsError, FileNotFoundError):  # the last holder has removed the folder just then
            lost += 1
            if lost > _MOST_LOST:  # or this is no race
                raise


def take_once(lock: FileLock) -> bool:
    """Take the lock; return false if its last holder has just removed its file, so that it locks nothing.

    Raises:
        Timeout: If another process has it.
        OSError: If its file cannot be made.
    """
    lock.acquire(timeout=0)
    if Path(lock.lock_file).exists():
        return True
    lock.release()
    return False


def unlock(lock: FileLock) -> None:
    """Remove the lock's file, then release it, or the file may be another's by then.

    On Windows it is released first: open files cannot be removed there.
    """
    path = Path(lock.lock_file)
    if os.name == "posix":
        with suppress(OSError):
            path.unlink(missing_ok=True)
    lock.release()
    if os.name != "posix":  # one that the next holder has opened by now stays
        with suppress(OSError):
            path.unlink(missing_ok=True)
