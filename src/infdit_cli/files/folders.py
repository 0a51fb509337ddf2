"""Folders that outputs go to."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from infdit_cli.errors import OutputNotWritable
from infdit_cli.files.durable import resolved
from infdit_cli.files.failures import output_errors


def check_folder(folder: Path) -> None:
    """Fail unless files can be made in ``folder``.

    Raises:
        OutputNotWritable: Saying why not.
        OutputError: If links lead in a circle.
    """
    with output_errors(folder):
        resolved(folder)
        if not folder.exists():
            raise OutputNotWritable(f"{folder}: no such folder", hint="make it first, or check the spelling")
        if not folder.is_dir():
            raise OutputNotWritable(f"{folder}: is a file, not a folder")
        if not os.access(folder, os.W_OK | os.X_OK):
            raise OutputNotWritable(f"{folder}: no permission to write here", hint="choose another folder")


def standing(folder: Path) -> Path:
    """Return ``folder``, or the nearest one above it that is there."""
    return next((each for each in (folder, *folder.parents) if each.exists()), folder)


def check_can_be_made(folder: Path) -> None:
    """Fail unless ``folder`` is there, or its parent is, which may be a disk that is not mounted.

    Raises:
        OutputNotWritable: If it cannot be made, or is nothing that files can be made in.
        OutputError: If links lead in a circle.
    """
    with output_errors(folder):
        check_folder(folder if folder.exists() else folder.parent)


def make_folder(folder: Path) -> None:
    """Make ``folder`` if it is not there, but not its parent; as ``check_can_be_made`` raises."""
    check_can_be_made(folder)
    with output_errors(folder):
        if not folder.exists():
            folder.mkdir(exist_ok=True)
            check_folder(folder)


def temporary_folder() -> Path:
    """Return the system's folder for temporary files.

    Raises:
        OutputNotWritable: If there is none that can be written to.
    """
    try:
        return Path(tempfile.gettempdir())
    except FileNotFoundError as err:
        raise OutputNotWritable(
            "the system has no folder for temporary files that can be written to",
            hint="name a folder with --spool",
        ) from err
