"""EXIF and IPTC in a finished TIFF, where libvips writes none."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from infdit_cli.metadata import Exif
from infdit_cli.metadata.ifd import (
    UNDEFINED,
    Directory,
    Tag,
    TiffLayout,
    directory,
    packed,
    read_entries,
    read_layout,
)
from infdit_cli.metadata.marks import IPTC_TAG
from infdit_cli.tiles.writers.blocks import Blocks

_CLASSIC_END = 1 << 32


def add_blocks(path: Path, blocks: Blocks) -> None:
    """Append EXIF and IPTC to the TIFF or BigTIFF ``path``; its pixels stay where they are.

    The first directory is written anew at the end, with the new tags in it, and the header made to point
    there. What the TIFF says itself, of its resolution for one, counts more than what the EXIF says.
    """
    exif, iptc = blocks.get("EXIF"), blocks.get("IPTC")
    if not (exif or iptc):
        return
    with path.open("r+b") as file:
        layout, at = read_layout(file)
        entries, following = read_entries(file, layout, at)
        new = Exif.parse(exif).in_order(layout.order) if exif else Exif(order=layout.order)
        end = _even(file.seek(0, 2))
        pointers, below = new.below(layout, end)
        tags: Directory = new.main | pointers
        if iptc:
            tags[IPTC_TAG] = Tag(UNDEFINED, iptc)
        tags = {number: tag for number, tag in tags.items() if number not in entries}
        added, values = packed(tags, layout, end + len(below))
        at = end + len(below) + len(values)
        data = below + values + directory(entries | added, layout, following)
        if layout.big or end + len(data) < _CLASSIC_END:
            _write(file, layout, end, data, at)


def _write(file: BinaryIO, layout: TiffLayout, end: int, data: bytes, at: int) -> None:
    file.seek(end)
    file.write(data)
    file.seek(len(layout.header))
    file.write(layout.offset.pack(at))


def _even(offset: int) -> int:
    return offset + offset % 2
