"""XMP in segments of a JPEG: what one cannot hold is a part of its own, in chunks (XMP part 3, 1.1.3.1)."""

from __future__ import annotations

import functools
import hashlib
import struct
from collections.abc import Iterator
from xml.dom import minidom

from infdit_cli.metadata.marks import HAS_EXTENDED_XMP, XMP_EXTENSION_PREFIX, XMP_NOTE
from infdit_cli.metadata.xmp_tree import (
    Property,
    add_description,
    parsed,
    properties,
    rdf_in,
    remove,
    written,
)

# A segment has 65,533 bytes, up to 29 of them for the name of what follows.
MAX_PACKET_BYTES = 65_500
_CHUNK_BYTES = 65_400
_PREFIX = b"http://ns.adobe.com/xap/1.0/\0"
_ANNOUNCEMENT_BYTES = 300


def xmp_segments(packet: bytes) -> list[bytes] | None:
    """Return what the segments of a JPEG hold, prefixes and all; ``None`` if it cannot be divided.

    The largest properties go into the extended part, until the rest fits one segment.
    """
    if len(packet) <= MAX_PACKET_BYTES:
        return [_PREFIX + packet]
    try:
        standard, extended = _divided(packet)
    except ValueError:
        return None
    return [_PREFIX + standard, *_chunks(extended)] if len(standard) <= MAX_PACKET_BYTES else None


def can_divide(packet: bytes) -> bool:
    """Tell whether there are segments for a packet."""
    return xmp_segments(packet) is not None


@functools.lru_cache(maxsize=1)  # notes, plan and encoder ask for the segments of one picture in turn
def _divided(packet: bytes) -> tuple[bytes, bytes]:
    standard, extended = parsed(packet), parsed(packet)
    ours, theirs = properties(rdf_in(standard)), properties(rdf_in(extended))
    moved = _largest([_nbytes(each) for each in ours], len(packet) + _ANNOUNCEMENT_BYTES - MAX_PACKET_BYTES)
    for number, (our, their) in enumerate(zip(ours, theirs, strict=True)):
        remove(our if number in moved else their)
    for node in list(extended.childNodes):  # the wrapper for those who look for XMP in any file: not for this
        if not isinstance(node, minidom.Element):
            extended.removeChild(node)
    part = written(extended)
    _announce(standard, _digest(part))
    return written(standard), part


def _largest(sizes: list[int], enough: int) -> set[int]:
    """Return the numbers of the largest that come to ``enough`` bytes together, or of all."""
    chosen: set[int] = set()
    for number in sorted(range(len(sizes)), key=lambda number: -sizes[number]):
        if enough <= 0:
            break
        chosen.add(number)
        enough -= sizes[number]
    return chosen


def _nbytes(each: Property) -> int:
    """Return about how many bytes of the packet a property takes, and no more than it does."""
    return len(each.value.encode() if isinstance(each, minidom.Attr) else each.toxml().encode())


def _announce(document: minidom.Document, digest: str) -> None:
    description = add_description(document, rdf_in(document), {"xmpNote": XMP_NOTE})
    description.setAttributeNS(XMP_NOTE, f"xmpNote:{HAS_EXTENDED_XMP}", digest)


def _digest(part: bytes) -> str:
    return hashlib.md5(part, usedforsecurity=False).hexdigest().upper()  # what the specification asks for


def _chunks(part: bytes) -> Iterator[bytes]:
    head = XMP_EXTENSION_PREFIX + _digest(part).encode()
    for place in range(0, len(part), _CHUNK_BYTES):
        yield head + struct.pack(">II", len(part), place) + part[place : place + _CHUNK_BYTES]
