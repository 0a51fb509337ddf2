"""Names of pictures that another program writes, one a line or separated by NUL."""

from __future__ import annotations

import os
from pathlib import Path


def read_names(data: bytes, *, null: bool) -> tuple[Path, ...]:
    """Return the names in ``data`` in their order; empty ones are left out.

    Args:
        data: What ``find`` wrote.
        null: Names end with NUL (``find -print0``), not with the end of a line. Only then may a name hold
            line breaks.
    """
    names = data.split(b"\0") if null else data.splitlines()
    return tuple(Path(os.fsdecode(name)) for name in names if name)
