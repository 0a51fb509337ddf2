"""XMP as a tree of XML's own nodes: prefixes, comments and everything unknown stay as they were."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias
from xml.dom import XMLNS_NAMESPACE, Node, minidom
from xml.parsers import expat

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

_SYNTAX = frozenset({RDF, XMLNS_NAMESPACE})  # of attributes that are no properties
_DEEPEST = 100
# Tabs and ends of lines are lost unless they are escaped, which minidom learnt with Python 3.13. What no XML
# may hold stands for them meanwhile.
_MARKS = str.maketrans({"\t": "\x01", "\n": "\x02", "\r": "\x03"})
_ESCAPES = str.maketrans({"\x01": "&#x9;", "\x02": "&#xA;", "\x03": "&#xD;"})

# An attribute or an element: XMP allows both for a property.
Property: TypeAlias = minidom.Attr | minidom.Element


def parsed(packet: bytes) -> minidom.Document:
    """Return the tree of a packet.

    Raises:
        ValueError: If it is no XML, or has a document type, which could expand to any size.
    """
    packet = packet.strip(b"\0 \t\r\n")
    try:
        _check_harmless(packet)
        return minidom.parseString(packet)  # noqa: S318 - without a document type there are no entities
    except (expat.ExpatError, LookupError) as err:
        raise ValueError(f"no XML: {err}") from err


def written(document: minidom.Document) -> bytes:
    """Return the packet of a tree, whose strings are worthless afterwards."""
    _mark_breaks(document)
    text = "".join(node.toxml() for node in document.childNodes)
    return text.translate(_ESCAPES).encode()


def rdf_in(document: minidom.Document) -> minidom.Element:
    """Return what holds the descriptions.

    Raises:
        ValueError: If there is none.
    """
    found = document.getElementsByTagNameNS(RDF, "RDF")
    if not found:
        raise ValueError("XML without RDF")
    return found[0]


def descriptions(rdf: minidom.Element) -> Iterator[minidom.Element]:
    """Yield the descriptions of the picture itself; deeper ones speak of other things."""
    for child in rdf.childNodes:
        if isinstance(child, minidom.Element) and is_named(child, RDF, "Description"):
            yield child


def add_description(
    document: minidom.Document, rdf: minidom.Element, prefixes: Mapping[str, str]
) -> minidom.Element:
    """Append a description, about the same as those that are there, and return it.

    Args:
        document: The tree.
        rdf: What holds its descriptions.
        prefixes: Namespaces of its properties by the prefixes that it declares for them.
    """
    about = next((each.getAttributeNS(RDF, "about") for each in descriptions(rdf)), "")
    description = document.createElementNS(RDF, "rdf:Description")
    for prefix, namespace in {"rdf": RDF, **prefixes}.items():
        description.setAttribute(f"xmlns:{prefix}", namespace)
    description.setAttributeNS(RDF, "rdf:about", about)
    rdf.appendChild(description)
    return description


def properties(rdf: minidom.Element) -> list[Property]:
    """Return the properties of the picture itself."""
    found: list[Property] = []
    for description in descriptions(rdf):
        found += [each for each in description.attributes.values() if each.namespaceURI not in _SYNTAX]
        found += [each for each in description.childNodes if isinstance(each, minidom.Element)]
    return found


def inside(element: minidom.Element) -> Iterator[Property]:
    """Yield the attributes of an element, and all elements and attributes within it."""
    yield from element.attributes.values()
    for child in element.childNodes:
        if isinstance(child, minidom.Element):
            yield child
            yield from inside(child)


def is_named(each: Property, namespace: str, name: str) -> bool:
    """Tell whether a property has this name, whatever its prefix."""
    return bool(each.namespaceURI == namespace and each.localName == name)


def value_of(each: Property) -> str:
    """Return a property's plain value."""
    if isinstance(each, minidom.Attr):
        return each.value
    return "".join(node.data for node in each.childNodes if node.nodeType == Node.TEXT_NODE)


def set_value(each: Property, value: str) -> None:
    """Give a property another plain value."""
    if isinstance(each, minidom.Attr):
        each.value = value
        return
    for node in list(each.childNodes):
        each.removeChild(node)
    text = minidom.Text()
    text.data = value
    each.appendChild(text)


def remove(each: Property) -> None:
    """Take a property out of the tree."""
    if isinstance(each, minidom.Element) and each.parentNode:
        each.parentNode.removeChild(each)
    elif isinstance(each, minidom.Attr) and each.ownerElement:
        each.ownerElement.removeAttributeNode(each)


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


def _mark_breaks(node: minidom.Node) -> None:
    """Put marks where parsers would read a space for what is in an attribute, or another break in a text."""
    if isinstance(node, minidom.Text):
        node.data = node.data.replace("\r", "\x03")
    if isinstance(node, minidom.Element):
        for attribute in node.attributes.values():
            attribute.value = attribute.value.translate(_MARKS)
    for child in node.childNodes:
        _mark_breaks(child)
