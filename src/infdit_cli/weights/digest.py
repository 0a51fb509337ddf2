"""Size and digest of a file, by reading all of it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from infdit_cli.errors import WeightsError
from infdit_cli.weights.entry import Fingerprint

CHUNK_BYTES = 1 << 20


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
