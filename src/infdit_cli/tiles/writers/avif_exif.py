"""EXIF in a finished AVIF, in place of the few tags that libvips makes up where it is given none.

Source: ISO/IEC 23008-12, annex A.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from infdit_cli.metadata.bmff import HEAD, boxes, content_of
from infdit_cli.metadata.heif_items import VERSION_BYTES, Locations, items
from infdit_cli.tiles.writers.blocks import Blocks

_NO_OFFSET = bytes(4)  # the TIFF structure lies right behind this number


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


def _place(meta: BinaryIO, at: int, num_bytes: int) -> tuple[int, bytes] | None:
    """Return what to write where in ``meta``, so that EXIF lies ``at`` an offset of the file."""
    found = {box.kind: box for box in boxes(meta, VERSION_BYTES)}
    if b"iinf" not in found or b"iloc" not in found:
        return None
    told = items(content_of(meta, found[b"iinf"]))
    number = next((item.number for item in told if item.text.startswith(b"Exif")), None)
    places = Locations(content_of(meta, found[b"iloc"]))
    for place in places:
        if place.number == number and len(place.ends) == 1:
            return found[b"iloc"].start + place.told_at, places.one_piece(at, num_bytes)
    return None
