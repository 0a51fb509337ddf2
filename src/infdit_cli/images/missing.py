"""Pictures that are not there, and what may have been meant by their names."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from infdit_cli.errors import UnreadableImage


def missing(path: Path) -> UnreadableImage:
    """Return the error of a picture that is not there, with what to type instead where the name tells."""
    hint = wildcard_hint(path)
    if path.suffix:  # without a hint it may be on its way, or on a disk that is not plugged in
        return UnreadableImage(f"{path}: no such file", hint=hint, may_pass=hint is None)
    return UnreadableImage(f"{path}: no such file or folder", hint=hint or _check_the_spelling(path))


def wildcard_hint(path: Path) -> str | None:
    """Return how to name what a wildcard means; ``cmd`` and PowerShell hand it over as it is."""
    if not {"*", "?"} & set(path.name):
        return None
    return f'name the folder, as in infdit upscale "{path.parent}" --pattern "{path.name}" -o DIR'


def _check_the_spelling(path: Path) -> str:
    if path.is_absolute():
        return "check the spelling"
    with suppress(FileNotFoundError):  # somebody has deleted it
        return f"check the spelling; the current folder is {Path.cwd()}"
    return "the current folder is gone"
