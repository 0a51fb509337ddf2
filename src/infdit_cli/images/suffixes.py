"""Which files in a folder are taken for pictures; a file named by the user may have any suffix."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from infdit_cli.errors import UnreadableImage
from infdit_cli.files import walk
from infdit_cli.images.heif_kind import HEIF_SUFFIXES

PICTURE_SUFFIXES = HEIF_SUFFIXES | frozenset(
    {".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".webp", ".avif", ".tif", ".tiff", ".bmp"}
)
# Read as well, but rarely meant when a folder is named: animations, and what programs keep for themselves.
OTHER_SUFFIXES = frozenset(
    {".gif", ".jp2", ".j2k", ".jpx", ".ppm", ".pgm", ".pbm", ".pnm", ".tga", ".qoi", ".psd", ".ico"}
)


def visible_pictures(folder: Path, *, on_problem: Callable[[UnreadableImage], None]) -> list[Path]:
    """List the picture files in a folder and below, sorted by path, without hidden files and folders.

    Links that cannot be followed are listed, too: whoever opens them says what is wrong.

    Args:
        folder: An existing folder.
        on_problem: Given, for each folder that cannot be looked into, what is wrong with it.
    """
    found: list[Path] = []
    for visited in walk(folder):
        if visited.problem:
            on_problem(UnreadableImage(visited.problem))
        names = (each.name for each in visited.files)
        found += (visited.folder / name for name in names if Path(name).suffix.lower() in PICTURE_SUFFIXES)
    return sorted(found)
