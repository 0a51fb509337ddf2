"""Files that keep their promise after a power cut, and digests of what really lies on the disk."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from infdit_cli.errors import DiskFull, WeightsError
from infdit_cli.weights.entry import Fingerprint

CHUNK_BYTES = 1 << 20


def publish(temporary: Path, target: Path) -> None:
    """Give a finished file its name: the data reaches the disk before the name does, then the name."""
    _sync(temporary)
    temporary.replace(target)
    if os.name == "posix":  # Windows cannot open a folder, and needs no sync of it
        _sync(target.parent)


def fingerprint(path: Path, on_bytes: Callable[[int], None] = lambda _: None) -> Fingerprint:
    """Read a whole file and return its size and digest.

    Args:
        path: The file.
        on_bytes: Told after each chunk how many bytes are read.

    Raises:
        WeightsError: If it cannot be read.
    """
    digest, size_bytes = hashlib.sha256(), 0
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK_BYTES):
                digest.update(chunk)
                size_bytes += len(chunk)
                on_bytes(size_bytes)
    except OSError as err:
        raise WeightsError(f"{path} cannot be read: {err.strerror}") from err
    return Fingerprint(sha256=digest.hexdigest(), size_bytes=size_bytes)


def check_free(folder: Path, needed_bytes: int) -> None:
    """Demand that ``needed_bytes`` fit into ``folder``.

    Raises:
        DiskFull: If they do not.
    """
    free_bytes = shutil.disk_usage(folder).free
    if needed_bytes > free_bytes:
        raise DiskFull(
            f"{folder} has {free_bytes:,} free bytes; {needed_bytes:,} are needed",
            hint="set INFDIT_CACHE_DIR to a folder on a larger disk",
        )


def _sync(path: Path) -> None:
    # Windows refuses to sync a file that was opened for reading; a folder can be opened in no other way.
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
