"""What is told of the items of a HEIF, as far as it can be wrong."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from infdit_cli.metadata.bmff import boxes, content_of, content_of_first
from infdit_cli.metadata.heif_items import VERSION_BYTES, Locations, items

_MOST_META_BYTES = 16 << 20


class HeifItems(NamedTuple):
    """What a HEIF says of its items.

    Attributes:
        end: Up to which byte of the file their data reach; 0 if it does not tell.
        texts: Kind, name and content type of each.
    """

    end: int
    texts: tuple[bytes, ...]


def heif_items(path: Path) -> HeifItems:
    """Return what is told of the items of a HEIF.

    Raises:
        EOFError: If that breaks off.
    """
    with path.open("rb") as file:
        described = BytesIO(content_of_first(file, b"meta", _MOST_META_BYTES))
    ends, texts = [0], []
    for box in boxes(described, VERSION_BYTES):
        if box.kind == b"iloc":
            places = Locations(content_of(described, box))
            ends += [end for place in places if place.in_the_file for end in place.ends]
        if box.kind == b"iinf":
            texts += [item.text for item in items(content_of(described, box))]
    return HeifItems(max(ends), tuple(texts))
