"""Deep Zoom pictures, a small file beside a folder of tiles, that appear whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from xml.parsers import expat

from infdit_cli.errors import OutputExists
from infdit_cli.files import (
    already_exists,
    check_destination,
    give_name,
    half_of,
    halves_of,
    output_errors,
    resolved,
    sync_folder,
)
from infdit_cli.geometry import Size

_BY_LIBVIPS = "vips-properties.xml"  # libvips's notes to itself, which no viewer reads
_SCHEMA = "http://schemas.microsoft.com/deepzoom/2008"
_NAME = "picture"  # inside the hidden folder; the user's own name may hold dots and more


def tiles_of(path: Path) -> Path:
    """Return the folder of tiles that belongs to the Deep Zoom file ``path``, or to what it is a link to.

    Raises:
        OSError: If links lead in a circle.
    """
    file = resolved(path)
    return file.with_name(f"{file.stem}_files")


def dzi_size(path: Path) -> Size | None:
    """Return the pixels of the Deep Zoom picture ``path``; ``None`` if it is none, or has no tiles.

    Raises:
        OutputError: If the file cannot be read.
    """
    with output_errors(path):
        described = path.read_bytes()
    try:
        size = _described_size(described)
    except (expat.ExpatError, KeyError, ValueError):
        return None
    return size if tiles_of(path).is_dir() else None


def _described_size(described: bytes) -> Size:
    found: dict[str, str] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == f"{_SCHEMA} Size":
            found.update(attributes)

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    parser.Parse(described, True)  # noqa: FBT003 - expat names no parameters
    return Size(int(found["Height"]), int(found["Width"]))


@contextmanager
def replacing_dzi(path: Path, *, overwrite: bool) -> Iterator[Path]:
    """Yield the name, without suffix, of a hidden picture that takes the place of ``path`` at the end.

    The file comes last: while it is not there, there is no picture. After any exception in the block
    everything is as it was.

    Raises:
        OutputExists: If something is there at the end that may not be replaced; see ``check_tiles``.
        OutputError: If the finished picture cannot be put in place; errors of the block are the caller's.
    """
    with output_errors(path):
        target = resolved(path)
        hidden = half_of(target)
        hidden.mkdir()
    try:
        yield hidden / _NAME
        with output_errors(path):
            _check_place(path, overwrite=overwrite)
            _put_in_place(hidden, target, overwrite=overwrite)
    finally:
        _forget(hidden)
        shutil.rmtree(hidden, ignore_errors=True)


def is_half_placed(path: Path) -> bool:
    """Return whether a process was killed while it put a picture in the place of ``path``."""
    return not resolved(path).exists() and any(_is_begun(each) for each in halves_of(path))


def put_back(hidden: Path, path: Path) -> None:
    """Undo what a killed process has done of putting ``hidden`` in the place of ``path``.

    Then the older picture is at its place again, and ``hidden`` may be removed.

    Raises:
        OSError: If the system refuses, or something else has taken a place meanwhile.
    """
    target = resolved(path)
    if not target.exists() and _is_begun(hidden):
        new, old, tiles = hidden / f"{_NAME}_files", hidden / "old", tiles_of(target)
        if tiles.exists() and not new.exists():
            tiles.rename(new)
        if old.exists():
            old.rename(tiles)
        if (hidden / "old.dzi").exists():
            (hidden / "old.dzi").rename(target)
    _forget(hidden)


def _is_begun(hidden: Path) -> bool:
    """Return whether something of ``hidden`` or of the older picture was moved, but not all."""
    is_moved = (hidden / "old.dzi").exists() or not (hidden / f"{_NAME}_files").exists()
    return is_moved and (hidden / f"{_NAME}.dzi").exists()


def _forget(hidden: Path) -> None:
    """Remove the description before all else: without its tiles it would say that they are at their place."""
    with suppress(OSError):
        (hidden / f"{_NAME}.dzi").unlink()


def check_tiles(path: Path, *, overwrite: bool) -> None:
    """Fail if a folder of the tiles' name is there, unless it goes together with its file.

    Raises:
        OutputExists: If it belongs to no such file, so that it may be anything, or ``overwrite`` is false.
        OSError: If links lead in a circle.
    """
    tiles = tiles_of(path)
    if not tiles.exists():
        return
    if not (tiles.is_dir() and path.is_file()):
        raise OutputExists(
            f"{tiles}: already exists, but belongs to no {path.name}", hint="choose another name"
        )
    if not overwrite:
        raise already_exists(tiles)


def _check_place(path: Path, *, overwrite: bool) -> None:
    """Look once more, after hours of work: what has appeared meanwhile is the user's."""
    check_destination(path, overwrite=overwrite)
    check_tiles(path, overwrite=overwrite)


def _put_in_place(hidden: Path, target: Path, *, overwrite: bool) -> None:
    if hasattr(os, "sync"):
        os.sync()  # once for all: a gigapixel has a hundred thousand tiles
    new, old, tiles = hidden / f"{_NAME}_files", hidden / "old", tiles_of(target)
    (new / _BY_LIBVIPS).unlink(missing_ok=True)
    with ExitStack() as undo:
        if target.exists():  # first of all: it must not stand beside tiles of another picture
            target.rename(hidden / "old.dzi")
            undo.callback((hidden / "old.dzi").rename, target)
        if tiles.exists():
            tiles.rename(old)
            undo.callback(old.rename, tiles)
        new.rename(tiles)
        undo.callback(tiles.rename, new)
        _give_name(hidden / f"{_NAME}.dzi", target, overwrite=overwrite)
        undo.pop_all()
    sync_folder(target.parent)


def _give_name(file: Path, target: Path, *, overwrite: bool) -> None:
    try:
        give_name(file, target, overwrite=overwrite)
    except FileExistsError as err:
        raise already_exists(target) from err
