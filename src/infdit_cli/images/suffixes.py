"""Which files in a folder are taken for pictures; a file named by the user may have any suffix."""

from __future__ import annotations

from pathlib import Path

from infdit_cli.files import is_there_a_folder

PICTURE_SUFFIXES = frozenset(
    {".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".webp", ".avif", ".tif", ".tiff", ".bmp"}
)


def visible_pictures(folder: Path) -> list[Path]:
    """List the picture files in a folder and below, sorted by path, without hidden files and folders.

    Links that cannot be followed are listed, too: whoever opens them says what is wrong.
    """
    named = (path for path in folder.rglob("*") if path.suffix.lower() in PICTURE_SUFFIXES)
    found = (path for path in named if not is_there_a_folder(path))
    return sorted(path for path in found if not _is_hidden(path.relative_to(folder)))


def _is_hidden(below: Path) -> bool:
    return any(part.startswith(".") for part in below.parts)
