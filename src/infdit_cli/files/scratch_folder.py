"""A hidden folder for files that nobody keeps; what a killed process leaves goes with the next one."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from infdit_cli.files.failures import output_errors
from infdit_cli.files.folders import check_folder
from infdit_cli.files.locks import take_once, unlock

# Of pictures on a pipe, which had such folders first: what was left of those is still found.
_PREFIX, _LOCK = ".infdit-pipe-", ".lock"


@contextmanager
def scratch_folder(parent: Path) -> Iterator[Path]:
    """Yield a new hidden folder in ``parent``; at the end it goes with all that is in it.

    Nobody but its user can look into it. A lock beside it, which is the operating system's, tells it from
    those of killed processes; it is taken before the folder is made, so that none is ever met without.

    Raises:
        OutputNotWritable: If no folder can be made there.
        OutputError: If links lead in a circle, or the disk fails.
    """
    check_folder(parent)
    with output_errors(parent):
        _remove_left(parent)
        lock = _new_lock(parent)
    try:
        folder = _folder_of(lock)
        with output_errors(parent):
            folder.mkdir(mode=0o700)
        yield folder
    finally:
        _remove(lock)


def _remove_left(parent: Path) -> None:
    """Remove the folders of killed processes; those of other users are theirs to remove."""
    for path in parent.glob(f"{_PREFIX}*{_LOCK}"):
        lock = FileLock(path)
        with suppress(OSError):
            if not path.is_symlink() and _is_taken(lock):
                _remove(lock)


def _new_lock(parent: Path) -> FileLock:
    """Return a lock that is taken, of a name that is new."""
    while True:
        path = parent / f"{_PREFIX}{secrets.token_hex(8)}{_LOCK}"
        path.touch(exist_ok=False)  # says why it cannot be made, where the lock would only say that it is not
        lock = FileLock(path)
        if _is_taken(lock):
            return lock


def _is_taken(lock: FileLock) -> bool:
    """Take a lock, unless another has it, or has just removed it for one that was left."""
    with suppress(Timeout):
        return take_once(lock)
    return False


def _remove(lock: FileLock) -> None:
    """Remove the folder of a lock that is taken, and the lock last: by it, others find the folder."""
    shutil.rmtree(_folder_of(lock), ignore_errors=True)
    unlock(lock)


def _folder_of(lock: FileLock) -> Path:
    return Path(lock.lock_file).with_suffix("")
