"""Unbuffered files: room claimed at once, and reads and writes that are whole."""

from __future__ import annotations

import errno
import os
from io import FileIO

_NO_FALLOCATE = frozenset({errno.EOPNOTSUPP, errno.EINVAL, errno.ENOSYS})


def reserve(file: FileIO, num_bytes: int) -> None:
    """Claim the bytes at once: a full disk fails before the first evaluation, not after the last."""
    if hasattr(os, "posix_fallocate"):
        try:
            os.posix_fallocate(file.fileno(), 0, num_bytes)
        except OSError as err:
            if err.errno not in _NO_FALLOCATE:
                raise
        else:
            return
    file.truncate(num_bytes)  # macOS, and file systems that cannot reserve


def write_all(file: FileIO, data: memoryview) -> None:
    """Write all of ``data``; one call of the system may write less."""
    while data:
        data = data[file.write(data) :]


def read_all(file: FileIO, into: memoryview) -> None:
    """Fill ``into``; one call of the system may read less.

    Raises:
        OSError: If the file ends before: it has lost bytes that were written to it.
    """
    while into:
        num_read = file.readinto(into)
        if not num_read:
            raise OSError(errno.EIO, "a file of the run's own ended early", str(file.name))
        into = into[num_read:]
