"""The part of a JPEG's XMP that one segment cannot hold: chunks behind the packet, which names their digest.

XMP specification part 3, 1.1.3.1.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable
from xml.dom import minidom

from infdit_cli.metadata.marks import HAS_EXTENDED_XMP, XMP_NOTE
from infdit_cli.metadata.xmp_tree import (
    Property,
    descriptions,
    is_named,
    parsed,
    properties,
    rdf_in,
    remove,
    value_of,
    written,
)

_CHUNK = struct.Struct(">32sII")  # digest, length of the whole, place in it


def joined_xmp(packet: bytes, chunks: Iterable[bytes]) -> bytes:
    """Return ``packet`` with the properties of its extended part.

    Args:
        packet: It says which part belongs to it.
        chunks: What the file has, of this part and perhaps of others, without the prefix of the segments.

    Raises:
        ValueError: If one of both is no XMP, or the part is not announced, incomplete or another one.
    """
    document = parsed(packet)
    rdf = rdf_in(document)
    known = properties(rdf)
    announced = [each for each in known if is_named(each, XMP_NOTE, HAS_EXTENDED_XMP)]
    if not announced:
        raise ValueError("extended XMP that is not announced")
    part = _whole(value_of(announced[0]).strip().upper().encode(), chunks)
    for each in announced:
        remove(each)
    names = {_name(each) for each in known}
    other = rdf_in(parsed(part))
    for each in properties(other):
        if _name(each) in names:
            remove(each)
    for each in list(descriptions(other)):
        _adopt(document, rdf, each)
    return written(document)


def _whole(digest: bytes, chunks: Iterable[bytes]) -> bytes:
    found: dict[int, bytes] = {}
    lengths = set()
    for chunk in chunks:
        if len(chunk) >= _CHUNK.size and chunk[:32].upper() == digest:
            _, length, place = _CHUNK.unpack_from(chunk)
            lengths.add(length)
            found[place] = chunk[_CHUNK.size :]
    part = b"".join(found[place] for place in sorted(found))
    # The digest is enough to know that each is at its place.
    found_digest = hashlib.md5(part, usedforsecurity=False).hexdigest().upper().encode()
    if lengths != {len(part)} or found_digest != digest:
        raise ValueError("extended XMP that is incomplete or another one")
    return part


def _name(each: Property) -> tuple[str | None, str | None]:
    return each.namespaceURI, each.localName


def _adopt(document: minidom.Document, rdf: minidom.Element, description: minidom.Element) -> None:
    """Copy a description from another tree, with the prefixes that it has from what it is in."""
    copy = document.importNode(description, deep=True)
    above = description.parentNode
    while isinstance(above, minidom.Element):
        for name, value in above.attributes.items():
            if name.partition(":")[0] == "xmlns" and not copy.hasAttribute(name):
                copy.setAttribute(name, value)
        above = above.parentNode
    rdf.appendChild(copy)
