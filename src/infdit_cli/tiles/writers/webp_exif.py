"""EXIF in a finished WebP, in place of the few tags that libvips makes up where it is given none."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import BinaryIO

from infdit_cli.tiles.writers.blocks import Blocks

_CHUNK = struct.Struct("<4sI")
_LENGTH_AT, _FIRST_CHUNK_AT = 4, 12  # WebP container specification: RIFF, its length, WEBP


def put_exif(path: Path, blocks: Blocks) -> None:
    """Put the block of EXIF where the WebP ``path`` has its own, behind the pixels; without any it stays."""
    block = blocks.get("EXIF")
    if block is None:
        return
    with path.open("r+b") as file:
        start = _find(file)
        if start is None:
            return
        following = file.read()
        file.seek(start)
        file.write(_CHUNK.pack(b"EXIF", len(block)) + block + b"\0" * (len(block) % 2) + following)
        end = file.truncate()
        file.seek(_LENGTH_AT)
        file.write(struct.pack("<I", end - _FIRST_CHUNK_AT + len(b"WEBP")))


def _find(file: BinaryIO) -> int | None:
    """Return where the chunk EXIF starts, and go to its end."""
    at = file.seek(_FIRST_CHUNK_AT)
    while len(head := file.read(_CHUNK.size)) == _CHUNK.size:
        kind, length = _CHUNK.unpack(head)
        end = file.seek(length + length % 2, 1)
        if kind == b"EXIF":
            return at
        at = end
    return None
