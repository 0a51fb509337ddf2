"""XMP: what is no longer true is taken out, and how the picture came about is put in."""

from __future__ import annotations

import re
from xml.dom import minidom

from infdit_cli.metadata import Provenance
from infdit_cli.metadata.marks import HAS_EXTENDED_XMP, XMP_NOTE
from infdit_cli.metadata.xmp_tree import (
    RDF,
    Property,
    add_description,
    is_named,
    parsed,
    properties,
    rdf_in,
    remove,
    value_of,
    written,
)

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
    XMP_NOTE: {HAS_EXTENDED_XMP},
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

# What no XML may hold, not even escaped (XML 1.0, section 2.2); names of files do.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def rewritten_xmp(packet: bytes | None, provenance: Provenance | None) -> bytes | None:
    """Return ``packet`` as it is true of an upscaled picture; ``None`` if there is nothing to say.

    Raises:
        ValueError: If it is no XMP, or XML with a document type, which could expand to any size.
    """
    if packet is None and provenance is None:
        return None
    document = parsed(packet or _EMPTY)
    rdf = rdf_in(document)
    for each in properties(rdf):
        if _is_stale(each) or (provenance and _is_provenance(each)):
            remove(each)
    if provenance:
        _describe(document, rdf, provenance)
    return written(document)


def orientation_in(packet: bytes) -> int | None:
    """Return ``tiff:Orientation``, if there is one; some programs write it nowhere else.

    Raises:
        ValueError: If it is no XMP.
    """
    for each in properties(rdf_in(parsed(packet))):
        if is_named(each, TIFF, "Orientation"):
            value = value_of(each)
            return int(value) if value.strip() in set("12345678") else None
    return None


def _is_stale(each: Property) -> bool:
    namespace = each.namespaceURI or ""
    return namespace in _ABOUT_OTHER_PICTURES or each.localName in _STALE.get(namespace, ())


def _is_provenance(each: Property) -> bool:
    return each.namespaceURI == INFDIT or is_named(each, XMP, "CreatorTool")


def _describe(document: minidom.Document, rdf: minidom.Element, provenance: Provenance) -> None:
    description = add_description(document, rdf, {"xmp": XMP, "infdit": INFDIT})
    description.setAttributeNS(XMP, "xmp:CreatorTool", provenance.tool)
    for name, value in _fields(provenance).items():
        description.setAttributeNS(INFDIT, f"infdit:{name}", _NO_XML.sub("", str(value)))


def _fields(provenance: Provenance) -> dict[str, str | int]:
    fields: dict[str, str | int] = {
        "Weights": provenance.weights,
        "WeightsSHA256": provenance.weights_sha256,
        "Scale": provenance.scale,
        "Steps": provenance.steps,
        "Sampler": provenance.sampler,
        "Seed": provenance.seed,
    }
    if provenance.restore:
        fields["Restore"] = str(provenance.restore)
    return fields
