"""From files and folders to a list of pictures."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from infdit_cli.batch.request import Request
from infdit_cli.batch.torn import quotes_hint, torn_names
from infdit_cli.errors import InfditError, OptionError, UnreadableImage
from infdit_cli.files import is_there_a_folder, walk


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPicture:
    """A picture, or what should have been one.

    Args:
        source: The file.
        folder: Where it lies below the folder that was named; ``.`` for a file that was named itself.
        nbytes: Size of the file; 0 where it is not known.
        problem: Why it cannot be used, if that is known already.
    """

    source: Path
    folder: Path = Path()
    nbytes: int = 0
    problem: InfditError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What was found.

    Args:
        found: Each file once: named ones in their order, those of a folder sorted.
        folders: Every folder that was looked into, with symbolic links resolved.
        num_subfolders: Folders in those that were named that were not looked into for want of recursion.
        num_others: Files in the folders that are no pictures by their names; 0 with a pattern.
    """

    found: tuple[FoundPicture, ...]
    folders: frozenset[Path]
    num_subfolders: int = 0
    num_others: int = 0


def list_pictures(request: Request, suffixes: frozenset[str]) -> Listing:
    """List the pictures of a request.

    In folders, hidden files and folders are left out, and so are the output folder and links to folders. A
    folder that cannot be looked into is found as something with a problem.

    Args:
        request: Its inputs, output, pattern and recursion.
        suffixes: Lower-case suffixes of usual pictures.

    Raises:
        OptionError: If there is a folder and no output folder, or both are the same.
    """
    wanted = _wanted(request.pattern, suffixes)
    found: dict[str, FoundPicture] = {}
    seen = _Seen()
    torn = torn_names(request.inputs)
    for source in request.inputs:
        if is_there_a_folder(source):
            each = _in_folder(source, request, wanted, seen)
        elif source in torn:
            each = iter([FoundPicture(source=source, problem=_missing_piece(source, torn[source]))])
        else:
            each = _named(source, request, suffixes)
        for one in each:
            found.setdefault(os.path.abspath(one.source), one)  # noqa: PTH100 - links stay as they are
    return Listing(
        found=tuple(found.values()),
        folders=frozenset(seen.folders),
        num_subfolders=seen.num_subfolders,
        num_others=seen.num_others if request.pattern is None else 0,
    )


@dataclass(slots=True)
class _Seen:
    """What was met in folders beside pictures; fields as in ``Listing``."""

    folders: set[Path] = field(default_factory=set)
    num_subfolders: int = 0
    num_others: int = 0


def _wanted(pattern: str | None, suffixes: frozenset[str]) -> Callable[[str], bool]:
    """Return what tells by its name whether a file is taken; cameras write ``.JPG``, so case is no matter."""
    if pattern is None:
        return lambda name: Path(name).suffix.lower() in suffixes
    return lambda name: fnmatchcase(name.lower(), pattern.lower())


def _named(source: Path, request: Request, suffixes: frozenset[str]) -> Iterator[FoundPicture]:
    try:
        nbytes = source.stat().st_size
    except (OSError, ValueError):
        nbytes = 0
    problem = _missing_result(source) if _may_be_the_result(source, request, suffixes) else None
    yield FoundPicture(source=source, nbytes=nbytes, problem=problem)


def _may_be_the_result(source: Path, request: Request, suffixes: frozenset[str]) -> bool:
    """Tell whether a name looks like the second of ``infdit upscale photo.png large.png``."""
    is_last = len(request.inputs) > 1 and source == request.inputs[-1] and request.output is None
    return is_last and source.suffix.lower() in suffixes and not os.path.lexists(source)


def _missing_result(source: Path) -> UnreadableImage:
    return UnreadableImage(
        f"{source}: no such file", hint=f"to write the result there, use -o {shlex.quote(str(source))}"
    )


def _missing_piece(source: Path, whole: str) -> UnreadableImage:
    return UnreadableImage(f"{source}: no such file", hint=quotes_hint(whole))


def _in_folder(
    root: Path, request: Request, wanted: Callable[[str], bool], seen: _Seen
) -> Iterator[FoundPicture]:
    if request.output is None:
        raise OptionError(f"{root} is a folder, so its results need one, too", hint="name it with -o")
    output = request.output.resolve()
    if root.resolve() == output:
        raise OptionError(
            f"{root} is the input and the output folder: the next run would upscale the results again",
            hint=f"write to a folder in it, as in -o {shlex.quote(str(root / 'upscaled'))}",
        )

    def enters(folder: Path) -> bool:
        is_input = folder.resolve() != output
        seen.num_subfolders += is_input and not request.recursive
        return is_input and request.recursive

    for visited in walk(root, enters=enters):
        seen.folders.add(visited.folder.resolve())
        if visited.problem:
            yield FoundPicture(source=visited.folder, problem=UnreadableImage(visited.problem, may_pass=True))
        below = visited.folder.relative_to(root)
        for entry in visited.files:
            if not wanted(entry.name):
                seen.num_others += 1
            else:
                yield FoundPicture(source=visited.folder / entry.name, folder=below, nbytes=_nbytes(entry))


def _nbytes(entry: os.DirEntry[str]) -> int:
    try:
        return entry.stat().st_size if entry.is_file() else 0
    except OSError:
        return 0
