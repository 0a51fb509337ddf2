"""Everything that can be known to be wrong with the name of an output before the work is done."""

from __future__ import annotations

import os
from pathlib import Path

from infdit_cli.errors import OutputError, OutputNotWritable
from infdit_cli.files.durable import resolved
from infdit_cli.files.failures import already_exists, output_errors
from infdit_cli.files.folders import standing

_NAME_MAX = 255  # of NTFS, APFS and ext4 alike


def check_destination(path: Path, *, overwrite: bool, source: Path | None = None) -> None:
    """Fail now if no file could be put at ``path``, whose folder is there or can be made.

    Args:
        path: The file.
        overwrite: Whether an existing one may be replaced.
        source: The input, which is never overwritten.

    Raises:
        OutputNotWritable: If ``path`` is no plain file.
        OutputExists: If it is there and ``overwrite`` is false.
        OutputError: If its name is too long, it is the input itself, or links lead in a circle.
    """
    with output_errors(path):
        resolved(path)  # refuses links in a circle
    _check_name(path)
    if not path.exists():
        return
    if not path.is_file():
        kind = "folder" if path.is_dir() else "device or pipe"
        raise OutputNotWritable(f"{path}: is a {kind}, not a file", hint="add a file name")
    if source is not None and source.exists() and path.samefile(source):
        raise OutputError(f"{path}: is the input itself", hint="choose another output name")
    if not overwrite:
        raise already_exists(path)


def _check_name(path: Path) -> None:
    """Some systems say only that no such file exists, and again when it is too late."""
    most = os.pathconf(standing(path.parent), "PC_NAME_MAX") if hasattr(os, "pathconf") else _NAME_MAX
    num_bytes = len(os.fsencode(path.name))
    if num_bytes > most:
        raise OutputError(
            f"{path}: the name has {num_bytes:,} bytes, the folder takes {most:,}",
            hint="choose a shorter name with -o or --name",
        )
