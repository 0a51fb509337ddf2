"""Files that appear whole or not at all, and survive a power cut once they have appeared."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# EFBIG: the file system or a quota allows no file of this size, which to the user is a full disk.
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def is_disk_full(err: BaseException) -> bool:
    """Tell whether the system says that there is no room for what was to be written."""
    return isinstance(err, OSError) and err.errno in _FULL


def hidden_name(suffix: str) -> str:
    """Return a unique hidden file name; it is short whatever the user's name is (255 bytes at most)."""
    return f".infdit-{secrets.token_hex(8)}{suffix}"


def mark(path: Path) -> str:
    """Return the hidden name that everything kept while ``path`` is being made begins with.

    The same for every spelling of a path, different for every file, and short whatever its name is.
    """
    spelled = os.path.normcase(resolved(path))
    return f".infdit-{hashlib.sha256(os.fsencode(spelled)).hexdigest()[:16]}"


def half_of(path: Path) -> Path:
    """Return a unique hidden name beside ``path`` for what is to become it.

    It begins with ``mark(path)``: what a killed process leaves is found by that.
    """
    return path.with_name(f"{mark(path)}-{secrets.token_hex(8)}{path.suffix}")


def halves_of(path: Path) -> list[Path]:
    """Return what killed processes have left of it, and what others that make it at this moment will need."""
    target = resolved(path)
    return list(target.parent.glob(f"{mark(target)}-*"))


@contextmanager
def replacing(path: Path, *, overwrite: bool = True) -> Iterator[Path]:
    """Yield a temporary path beside ``path``; what is written there takes the place of ``path`` at the end.

    After any exception in the block, ``KeyboardInterrupt`` too, the temporary file is gone and an
    older ``path`` is as it was. A new file gets the permissions of the umask, a replaced one keeps
    its own. Through a symbolic link the file behind it is replaced, not the link. A process that is killed
    leaves the temporary file, whose name begins with ``mark(path)``.

    Raises:
        FileExistsError: If something is there at the end, and ``overwrite`` is false.
        OSError: If the finished file cannot be put in place.
    """
    target = resolved(path)
    temporary = half_of(target)
    try:
        yield temporary
        sync(temporary)
        if overwrite and target.exists():
            shutil.copymode(target, temporary)  # not before: what is read-only cannot be synced
        give_name(temporary, target, overwrite=overwrite)
        sync_folder(target.parent)
    finally:
        temporary.unlink(missing_ok=True)


def publish(temporary: Path, target: Path) -> None:
    """Give a finished file its name: the data reaches the disk before the name does, then the name.

    Raises:
        OSError: If the system refuses.
    """
    sync(temporary)
    give_name(temporary, target, overwrite=True)
    sync_folder(target.parent)


def give_name(temporary: Path, target: Path, *, overwrite: bool) -> None:
    """Rename a file of the same folder or file system, in one step that leaves it whole or nothing.

    Raises:
        FileExistsError: If ``target`` is there and ``overwrite`` is false.
        OSError: If the system refuses.
    """
    if overwrite:
        temporary.replace(target)
        return
    try:
        os.link(temporary, target)  # unlike a rename it replaces nothing, whoever makes a file meanwhile
    except FileExistsError:
        raise
    except OSError as err:  # no links here (FAT, some shares): a look is the best there is
        if os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from err
        temporary.replace(target)
    else:
        temporary.unlink()


def resolved(path: Path) -> Path:
    """Return ``path`` without links.

    Raises:
        OSError: If links lead in a circle; before Python 3.13 pathlib has an error of its own for that.
    """
    try:
        return path.resolve()
    except RuntimeError as err:
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path)) from err


def sync_folder(path: Path) -> None:
    """Wait until the names in a folder have reached the disk."""
    if os.name == "posix":  # Windows cannot open a folder, and needs no sync of it
        sync(path)


def sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, have reached the disk."""
    # Windows refuses to sync a file that was opened for reading; a folder can be opened in no other way.
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
