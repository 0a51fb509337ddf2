"""Room on the disks."""

from __future__ import annotations

import shutil
from pathlib import Path


def free_bytes(path: Path) -> int:
    """Return the free bytes of the file system that would hold ``path``, which need not exist yet.

    Raises:
        OSError: If the system does not tell.
    """
    path = path.absolute()
    nearest = next(each for each in (path, *path.parents) if each.exists())
    return shutil.disk_usage(nearest).free
