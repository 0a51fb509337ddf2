"""What a HEIF says of the items that it consists of: pictures, tiles, EXIF and the rest.

Source: ISO/IEC 14496-12, 8.11.3 (where they lie) and 8.11.6 (what they are).
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, NamedTuple

from infdit_cli.metadata.bmff import boxes, content_of, content_of_first

_MOST_META_BYTES = 16 << 20
_VERSION_BYTES = 4  # of a box that has one, with its flags
_PROTECTION_BYTES = 2
_IN_THE_FILE = 0  # and not in the box that describes them, or in another item


class HeifItems(NamedTuple):
    """What a HEIF says of its items.

    Attributes:
        end: Up to which byte of the file their data reach; 0 if it does not tell.
        kinds: What each is, as far as that is text: its kind, name and content type.
    """

    end: int
    kinds: tuple[bytes, ...]


def heif_items(path: Path) -> HeifItems:
    """Return what is told of the items of a HEIF.

    Raises:
        EOFError: If that breaks off.
    """
    with path.open("rb") as file:
        described = BytesIO(content_of_first(file, b"meta", _MOST_META_BYTES))
    ends: list[int] = []
    kinds: list[bytes] = []
    for box in boxes(described, _VERSION_BYTES):
        if box.kind == b"iloc":
            ends += _ends(BytesIO(content_of(described, box)))
        if box.kind == b"iinf":
            kinds += _kinds(BytesIO(content_of(described, box)))
    return HeifItems(max(ends, default=0), tuple(kinds))


def _ends(places: BinaryIO) -> Iterator[int]:
    """Yield the end of every piece of data in the file."""
    version = _number(places, 1)
    _number(places, _VERSION_BYTES - 1)
    offset_bytes, length_bytes = divmod(_number(places, 1), 16)
    base_bytes, index_bytes = divmod(_number(places, 1), 16)
    wide = 4 if version == 2 else 2
    for _ in range(_number(places, wide)):
        _number(places, wide)
        method = _number(places, 2) % 16 if version else _IN_THE_FILE
        _number(places, 2)  # in which file: phones and cameras name no other
        base = _number(places, base_bytes)
        for _ in range(_number(places, 2)):
            _number(places, index_bytes if version else 0)
            end = base + _number(places, offset_bytes) + _number(places, length_bytes)
            if method == _IN_THE_FILE:
                yield end


def _kinds(infos: BinaryIO) -> Iterator[bytes]:
    """Yield the text in every entry."""
    version = _number(infos, 1)
    for entry in boxes(infos, _VERSION_BYTES + (4 if version else 2)):
        content = content_of(infos, entry)
        wide = 4 if content[:1] == b"\3" else 2
        yield content[_VERSION_BYTES + wide + _PROTECTION_BYTES :]


def _number(file: BinaryIO, num_bytes: int) -> int:
    data = file.read(num_bytes)
    if len(data) < num_bytes:
        raise EOFError("the table of its items breaks off")
    return int.from_bytes(data)
