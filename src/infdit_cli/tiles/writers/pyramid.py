"""Smaller copies of a picture behind it in the same TIFF, as viewers of huge pictures want them.

libvips makes them, too, but gathers all of them in memory, a third of the output.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyvips

from infdit_cli.metadata.ifd import (
    LONG,
    LONG8,
    Directory,
    Tag,
    TiffLayout,
    read_directory,
    read_entries,
    read_layout,
    whole_directory,
)

_SMALLEST_PX = 256  # a copy that fits into one tile is the last
_NEW_SUBFILE_TYPE, _TILE_OFFSETS = 254, 324
_REDUCED = 1  # TIFF 6.0, NewSubfileType: a copy of lower resolution


def add_levels(path: Path, save_options: Mapping[str, object]) -> None:
    """Append copies of half the size, a quarter and so on to the TIFF ``path``.

    Each is made from the one before, which lies in a hidden file beside ``path``.

    Args:
        path: A finished tiled TIFF or BigTIFF.
        save_options: How libvips saved it.

    Raises:
        pyvips.Error: If libvips cannot read or write.
        OSError: If the disk is full.
    """
    with _hidden(path) as level, _hidden(path) as half:
        larger = path
        while _longest_px(larger) > _SMALLEST_PX:
            _save_half(larger, half, save_options)
            _append(path, half)
            half.replace(level)
            larger = level


@contextmanager
def _hidden(path: Path) -> Iterator[Path]:
    # The name begins as that of ``path``, by which leftovers of a killed process are found.
    hidden = path.with_name(f"{path.stem}-{secrets.token_hex(4)}{path.suffix}")
    try:
        yield hidden
    finally:
        hidden.unlink(missing_ok=True)


def _opened(path: Path) -> Any:
    return pyvips.Operation.call("tiffload", os.fsencode(path), access="sequential", revalidate=True)


def _longest_px(path: Path) -> int:
    image = _opened(path)
    return max(int(image.width), int(image.height))


def _save_half(larger: Path, half: Path, save_options: Mapping[str, object]) -> None:
    """Take the mean of squares; the last pixel of an odd side is repeated rather than lost."""
    image = _opened(larger)
    even = image.embed(0, 0, image.width + image.width % 2, image.height + image.height % 2, extend="copy")
    pyvips.Operation.call("tiffsave", even.shrink(2, 2), os.fsencode(half), **save_options)


def _append(path: Path, level: Path) -> None:
    """Put the whole file ``level`` behind ``path``, and its directory at the end of the chain."""
    with level.open("rb") as source, path.open("r+b") as target:
        layout, at = read_layout(source)
        tags = read_directory(source, layout, at)
        start = _aligned_end(target)
        source.seek(0)
        shutil.copyfileobj(source, target, 1 << 20)
        at = _aligned_end(target)
        target.write(whole_directory(_moved(tags, layout, start), layout, at))
        target.seek(_end_of_chain(target, layout))
        target.write(layout.offset.pack(at))


def _moved(tags: Directory, layout: TiffLayout, by: int) -> Directory:
    """Return the directory of a level whose tiles now lie ``by`` bytes further on."""
    kind, data = tags[_TILE_OFFSETS]
    number = np.dtype({LONG: np.uint32, LONG8: np.uint64}[kind]).newbyteorder(layout.order)
    offsets = (np.frombuffer(data, number) + number.type(by)).astype(number)
    reduced = np.array([_REDUCED], np.uint32).astype(np.dtype(np.uint32).newbyteorder(layout.order))
    return tags | {
        _TILE_OFFSETS: Tag(kind, offsets.tobytes()),
        _NEW_SUBFILE_TYPE: Tag(LONG, reduced.tobytes()),
    }


def _end_of_chain(file: BinaryIO, layout: TiffLayout) -> int:
    """Return where the last directory says that none follows."""
    _, at = read_layout(file)
    while True:
        entries, following = read_entries(file, layout, at)
        if not following:
            return at + layout.length.size + len(entries) * layout.entry.size
        at = following


def _aligned_end(file: BinaryIO) -> int:
    """Go to the end of ``file``, on an even offset."""
    end = file.seek(0, 2)
    return end + file.write(b"\0" * (end % 2))
