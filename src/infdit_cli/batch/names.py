"""Names of pictures that another program writes, one a line or separated by NUL."""

from __future__ import annotations

import codecs
import os
from pathlib import Path


def read_names(data: bytes, *, null: bool) -> tuple[Path, ...]:
    """Return the names in ``data`` in their order; empty ones are left out.

    Args:
        data: What ``find`` wrote.
        null: Names end with NUL (``find -print0``), not with the end of a line. Only then may a name hold
            line breaks.
    """
    # Editors on Windows put a mark before the first line; find and its like never do.
    names = data.split(b"\0") if null else data.removeprefix(codecs.BOM_UTF8).splitlines()
    return tuple(Path(os.fsdecode(name)) for name in names if name)
