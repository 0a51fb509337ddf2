"""A lock whose file is there only while it is held."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout


def take(lock: FileLock) -> bool:
    """Take the lock, unless another process has it; its folder is made if it is missing.

    The lock is the operating system's, so a process that is killed never blocks the next one.

    Returns:
        Whether it is ours now.

    Raises:
        OSError: If its file cannot be made.
    """
    path = Path(lock.lock_file)
    while True:
        path.parent.mkdir(exist_ok=True)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            return False
        if path.exists():  # or else its last holder has just removed it, and perhaps the folder
            return True
        lock.release()


def unlock(lock: FileLock) -> None:
    """Give up the lock and remove its file: before, where that is possible, or it may be another's."""
    path = Path(lock.lock_file)
    if os.name == "posix":
        with suppress(OSError):
            path.unlink(missing_ok=True)
    lock.release()
    if os.name != "posix":  # Windows removes no open file, nor one that is the next holder's
        with suppress(OSError):
            path.unlink(missing_ok=True)
