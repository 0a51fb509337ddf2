"""EXIF in a finished AVIF, in place of the few tags that libvips makes up where it is given none.

Sources: ISO/IEC 14496-12, 8.11 (items, and where they lie); ISO/IEC 23008-12, annex A (EXIF).
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from infdit_cli.metadata.bmff import HEAD, boxes, content_of
from infdit_cli.tiles.writers.blocks import Blocks

_NO_OFFSET = bytes(4)  # the TIFF structure lies right behind this number
_VERSION_BYTES = 4  # of a box that has one, with its flags


def put_exif(path: Path, blocks: Blocks) -> None:
    """Append the block of EXIF to the AVIF ``path`` and have its own lie there; without any it stays."""
    block = blocks.get("EXIF")
    if block is None:
        return
    item = _NO_OFFSET + block
    with path.open("r+b") as file:
        meta = next((box for box in boxes(file) if box.kind == b"meta"), None)
        described = content_of(file, meta) if meta else b""
        end = file.seek(0, 2)
        place = _place(BytesIO(described), end + HEAD.size, len(item))
        if not (meta and place):
            return
        file.write(HEAD.pack(HEAD.size + len(item), b"mdat") + item)
        start, data = place
        file.seek(meta.start + start)
        file.write(data)


def _place(meta: BinaryIO, at: int, length: int) -> tuple[int, bytes] | None:
    """Return what to write where in ``meta``, so that EXIF has its ``length`` bytes ``at`` an offset."""
    found = {box.kind: box for box in boxes(meta, _VERSION_BYTES)}
    if b"iinf" not in found or b"iloc" not in found:
        return None
    number, locations = _exif_item(content_of(meta, found[b"iinf"])), found[b"iloc"]
    for item, start, data in _locations(content_of(meta, locations), at, length):
        if item == number:
            return locations.start + start, data
    return None


def _exif_item(infos: bytes) -> int | None:
    """Return the number of the EXIF item."""
    file = BytesIO(infos)
    for info in boxes(file, _VERSION_BYTES + (4 if infos[0] else 2)):
        content = content_of(file, info)
        wide = 4 if content[0] == 3 else 2
        kind_at = _VERSION_BYTES + wide + 2
        if content[kind_at:][:4] == b"Exif":
            return int.from_bytes(content[_VERSION_BYTES:][:wide])
    return None


def _locations(data: bytes, at: int, length: int) -> Iterator[tuple[int, int, bytes]]:
    """Yield each item in one piece: its number, and what to write where so that it lies ``at``."""
    version = data[0]
    offset_bytes, length_bytes = divmod(data[_VERSION_BYTES], 16)
    base_bytes, index_bytes = divmod(data[_VERSION_BYTES + 1], 16)
    wide = 4 if version == 2 else 2
    start = _VERSION_BYTES + 2 + wide
    for _ in range(int.from_bytes(data[start - wide : start])):
        item, start = int.from_bytes(data[start:][:wide]), start + wide
        # From the start of the file, in this file, from no other base.
        head = bytes(2 * bool(version) + 2 + base_bytes)
        num_extents = int.from_bytes(data[start + len(head) :][:2])
        if num_extents == 1:
            extent = bytes(index_bytes) + at.to_bytes(offset_bytes) + length.to_bytes(length_bytes)
            yield item, start, head + b"\0\1" + extent
        start += len(head) + 2 + num_extents * (index_bytes + offset_bytes + length_bytes)
