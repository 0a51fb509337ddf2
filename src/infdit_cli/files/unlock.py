"""Give up a lock so that its file goes, too."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from filelock import FileLock


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
