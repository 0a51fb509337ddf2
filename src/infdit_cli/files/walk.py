"""A folder and those below it, the same way for everyone who takes pictures from folders."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkedFolder:
    """A folder that was looked into.

    Args:
        folder: The folder.
        files: All in it that is visible and no folder, sorted by name. Links that cannot be followed are
            among it: whoever opens them says what is wrong.
        problem: Why it cannot be looked into, in words; ``None`` where it can.
    """

    folder: Path
    files: tuple[os.DirEntry[str], ...] = ()
    problem: str | None = None


def walk(root: Path, *, enters: Callable[[Path], bool] = lambda _: True) -> Iterator[WalkedFolder]:
    """Yield ``root`` and the folders below it, each before those in it, sorted by name.

    Hidden files and folders are left out, unless ``root`` itself is one. Links to folders are not followed,
    so that links in a circle have an end.

    Args:
        root: An existing folder.
        enters: Whether to look into a folder below ``root``.
    """
    pending = [root]
    while pending:
        folder = pending.pop()
        try:
            entries = _visible(folder)
        except OSError as err:
            yield WalkedFolder(folder=folder, problem=f"{folder}: the folder cannot be read: {err.strerror}")
            continue
        yield WalkedFolder(folder=folder, files=tuple(each for each in entries if not _is_folder(each)))
        below = (Path(each.path) for each in reversed(entries) if each.is_dir(follow_symlinks=False))
        pending += [each for each in below if enters(each)]


def _visible(folder: Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return sorted((each for each in entries if not each.name.startswith(".")), key=lambda each: each.name)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    """Tell whether it is a folder; a link that cannot be followed is none, and fails when it is opened."""
    try:
        return entry.is_dir()
    except OSError:
        return False
