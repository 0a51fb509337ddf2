"""A file that is written in one go, whole or not at all, and known by its digest."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from io import FileIO
from pathlib import Path

from infdit_cli.files import output_errors, publish, write_all

_DIGEST_BYTES = 16
# Written to the disk at once; many tensors are far smaller.
_CHUNK_BYTES = 4 << 20


class SnapshotWriter:
    """Takes bytes in pieces of any size.

    Args:
        file: Where they go.
    """

    def __init__(self, file: FileIO) -> None:
        self._file = file
        self._waiting = bytearray()
        self._digest = hashlib.blake2b(digest_size=_DIGEST_BYTES)

    def write(self, data: memoryview) -> None:
        """Append ``data``, a run of bytes."""
        self._waiting += data
        if len(self._waiting) >= _CHUNK_BYTES:
            self.flush()

    def flush(self) -> None:
        """Hand everything to the system."""
        self._digest.update(self._waiting)
        write_all(self._file, memoryview(self._waiting))
        self._waiting = bytearray()

    @property
    def digest(self) -> str:
        """Digest of what was flushed."""
        return self._digest.hexdigest()


def save_snapshot(path: Path, write: Callable[[SnapshotWriter], object]) -> str:
    """Let ``write`` fill the file ``path``, and return its digest; it has reached the disk then.

    Raises:
        OutputError: If the disk is full or fails; nothing is left of the file then.
    """
    part = path.with_suffix(".part")
    with output_errors(path.parent):
        try:
            with FileIO(part, "w") as file:
                writer = SnapshotWriter(file)
                write(writer)
                writer.flush()
            publish(part, path)
        finally:
            part.unlink(missing_ok=True)
    return writer.digest


def snapshot_digest(path: Path) -> str:
    """Return the digest of the file ``path``; empty if there is none, or it cannot be read."""
    digest = hashlib.blake2b(digest_size=_DIGEST_BYTES)
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK_BYTES):
                digest.update(chunk)
    except OSError:
        return ""
    return digest.hexdigest()
