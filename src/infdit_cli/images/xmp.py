"""XMP: what is no longer true is taken out, and how the picture came about is put in.

The XML is edited as a tree of its own nodes: prefixes, comments and everything unknown stay as they were.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TypeAlias
from xml.dom import Node, minidom
from xml.parsers import expat

from infdit_cli.metadata import Provenance

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XMP = "http://ns.adobe.com/xap/1.0/"
TIFF = "http://ns.adobe.com/tiff/1.0/"
EXIF = "http://ns.adobe.com/exif/1.0/"
INFDIT = "urn:infdit:upscale:1.0:"  # a name and no address, as namespaces are

# True of the old pixels only. Resolution is in EXIF and in the container, where every reader looks.
_STALE = {
    TIFF: {"Orientation", "ImageWidth", "ImageLength", "XResolution", "YResolution", "ResolutionUnit"},
    EXIF: {
        "PixelXDimension",
        "PixelYDimension",
        "SubjectArea",
        "SubjectLocation",
        "FocalPlaneXResolution",
        "FocalPlaneYResolution",
        "FocalPlaneResolutionUnit",
    },
    XMP: {"Thumbnails"},
    "http://ns.adobe.com/xmp/note/": {"HasExtendedXMP"},
}
# They tell where other pictures are in the file (gain maps, depth, motion); the output has none of them.
_ABOUT_OTHER_PICTURES = frozenset(
    {
        "http://ns.adobe.com/hdr-gain-map/1.0/",
        "http://ns.google.com/photos/1.0/camera/",
        "http://ns.google.com/photos/1.0/container/",
        "http://ns.google.com/photos/1.0/depthmap/",
        "http://ns.google.com/photos/1.0/image/",
    }
)
_EMPTY = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{RDF}"/></x:xmpmeta>'
    '<?xpacket end="w"?>'
).encode()

_DEEPEST = 100
# What no XML may hold, not even escaped (XML 1.0, section 2.2); names of files do.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Tabs and ends of lines are lost unless they are escaped, which minidom learnt with Python 3.13. What no XML
# may hold stands for them meanwhile.
_MARKS = str.maketrans({"\t": "\x01", "\n": "\x02", "\r": "\x03"})
_ESCAPES = str.maketrans({"\x01": "&#x9;", "\x02": "&#xA;", "\x03": "&#xD;"})

# An attribute or an element: XMP allows both for a property.
Property: TypeAlias = minidom.Attr | minidom.Element


def rewritten_xmp(packet: bytes | None, provenance: Provenance | None) -> bytes | None:
    """Return ``packet`` as it is true of an upscaled picture; ``None`` if there is nothing to say.

    Raises:
        ValueError: If it is no XMP, or XML with a document type, which could expand to any size.
    """
    if packet is None and provenance is None:
        return None
    document = _parsed(packet or _EMPTY)
    rdf = _rdf(document)
    _remove(rdf, _is_stale)
    if provenance:
        _remove(rdf, lambda each: each.namespaceURI == INFDIT or _is(each, XMP, "CreatorTool"))
        _describe(document, rdf, provenance)
    _mark_breaks(document)
    text = "".join(node.toxml() for node in document.childNodes)
    return text.translate(_ESCAPES).encode()


def orientation_in(packet: bytes) -> int | None:
    """Return ``tiff:Orientation``, if there is one; some programs write it nowhere else.

    Raises:
        ValueError: If it is no XMP.
    """
    for each in _properties(_rdf(_parsed(packet))):
        if _is(each, TIFF, "Orientation"):
            value = each.value if isinstance(each, minidom.Attr) else _text(each)
            return int(value) if value.strip() in set("12345678") else None
    return None


def _parsed(packet: bytes) -> minidom.Document:
    packet = packet.strip(b"\0 \t\r\n")
    try:
        _check_harmless(packet)
        return minidom.parseString(packet)  # noqa: S318 - without a document type there are no entities
    except (expat.ExpatError, LookupError) as err:
        raise ValueError(f"no XML: {err}") from err


def _check_harmless(packet: bytes) -> None:
    """Fail at a document type, whose entities could grow without end, and at nesting that no XMP has."""
    open_elements: list[str] = []

    def refuse(*_: object) -> None:
        raise ValueError("XMP with a document type")

    def enter(name: str, _: object) -> None:
        open_elements.append(name)
        if len(open_elements) > _DEEPEST:
            raise ValueError(f"XMP nested deeper than {_DEEPEST} elements")

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = enter
    parser.EndElementHandler = lambda _: open_elements.pop()
    parser.Parse(packet, True)  # noqa: FBT003 - expat takes it by place


def _rdf(document: minidom.Document) -> minidom.Element:
    found = document.getElementsByTagNameNS(RDF, "RDF")
    if not found:
        raise ValueError("XML without RDF")
    return found[0]


def _descriptions(rdf: minidom.Element) -> Iterator[minidom.Element]:
    """Yield the descriptions of the picture itself; deeper ones speak of other things."""
    for child in rdf.childNodes:
        if isinstance(child, minidom.Element) and _is(child, RDF, "Description"):
            yield child


def _properties(rdf: minidom.Element) -> list[Property]:
    found: list[Property] = []
    for description in _descriptions(rdf):
        found += [each for each in description.attributes.values() if each.namespaceURI != RDF]
        found += [each for each in description.childNodes if isinstance(each, minidom.Element)]
    return found


def _mark_breaks(node: minidom.Node) -> None:
    """Put marks where parsers would read a space for what is in an attribute, or another break in a text."""
    if isinstance(node, minidom.Text):
        node.data = node.data.replace("\r", "\x03")
    if isinstance(node, minidom.Element):
        for attribute in node.attributes.values():
            attribute.value = attribute.value.translate(_MARKS)
    for child in node.childNodes:
        _mark_breaks(child)


def _remove(rdf: minidom.Element, unwanted: Callable[[Property], bool]) -> None:
    for each in _properties(rdf):
        if not unwanted(each):
            continue
        if isinstance(each, minidom.Element) and each.parentNode:
            each.parentNode.removeChild(each)
        elif isinstance(each, minidom.Attr) and each.ownerElement:
            each.ownerElement.removeAttributeNode(each)


def _is_stale(each: Property) -> bool:
    namespace = each.namespaceURI or ""
    return namespace in _ABOUT_OTHER_PICTURES or each.localName in _STALE.get(namespace, ())


def _is(each: Property, namespace: str, name: str) -> bool:
    return bool(each.namespaceURI == namespace and each.localName == name)


def _text(element: minidom.Element) -> str:
    return "".join(node.data for node in element.childNodes if node.nodeType == Node.TEXT_NODE)


def _describe(document: minidom.Document, rdf: minidom.Element, provenance: Provenance) -> None:
    about = next((each.getAttributeNS(RDF, "about") for each in _descriptions(rdf)), "")
    description = document.createElementNS(RDF, "rdf:Description")
    for prefix, namespace in (("rdf", RDF), ("xmp", XMP), ("infdit", INFDIT)):
        description.setAttribute(f"xmlns:{prefix}", namespace)
    description.setAttributeNS(RDF, "rdf:about", about)
    description.setAttributeNS(XMP, "xmp:CreatorTool", provenance.tool)
    for name, value in _fields(provenance).items():
        description.setAttributeNS(INFDIT, f"infdit:{name}", _NO_XML.sub("", str(value)))
    rdf.appendChild(description)


def _fields(provenance: Provenance) -> dict[str, str | int]:
    return {
        "Weights": provenance.weights,
        "WeightsSHA256": provenance.weights_sha256,
        "Scale": provenance.scale,
        "Steps": provenance.steps,
        "Sampler": provenance.sampler,
        "Seed": provenance.seed,
    }
