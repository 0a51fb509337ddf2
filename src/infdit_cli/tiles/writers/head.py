"""Our own metadata at the head of a PNG or JPEG that libvips writes.

libvips would hand EXIF to libexif, which moves what is in maker notes by stale offsets, does not know every
tag, and drops what is over 64 KiB; of XMP in JPEG libvips itself drops what is over 60,000 bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from typing import Any, NamedTuple

import pyvips


class Head(NamedTuple):
    """What is to be in a file and libvips does not write.

    Attributes:
        at: How many bytes of libvips come before it.
        data: The bytes.
    """

    at: int
    data: bytes


def _target(file: FileIO) -> Any:
    """Return what libvips can write to ``file`` by; on Windows it would not know Python's descriptor."""

    def write(data: bytes) -> int:
        try:
            return file.write(data)
        except OSError:
            return -1  # the end of libvips's work; ``encode`` finds out why

    target = pyvips.TargetCustom()
    target.on_write(write)
    return target


@contextmanager
def target_behind(path: Path, ours: Head) -> Iterator[Any]:
    """Yield where libvips is to write the file ``path``; ``ours`` is in it at the end.

    libvips writes behind a gap as large as ours. Its first bytes then move to the start, so that the gap
    comes to lie behind them: nothing else is copied, whatever the size of the picture.

    Raises:
        OSError: If the file cannot be written.
    """
    with path.open("wb", buffering=0) as file:  # nothing is left to be written when libvips has ended
        file.seek(len(ours.data))
        yield _target(file)
    with path.open("r+b") as file:
        file.seek(len(ours.data))
        head = file.read(ours.at)
        file.seek(0)
        file.write(head + ours.data)
