"""Areas of faces in XMP: they turn with the picture, and say of which size it is.

An area is told in shares of the stored picture's width and height, so that enlarging does not move it.
Metadata Working Group, Guidelines for Handling Image Metadata 2.0, section 5.9; Microsoft's People Tagging.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from xml.dom import minidom

from infdit_cli.geometry import Size
from infdit_cli.images.orientation import TURNED, upright_point
from infdit_cli.metadata.xmp_tree import (
    Property,
    inside,
    is_named,
    parsed,
    properties,
    rdf_in,
    remove,
    set_value,
    value_of,
    written,
)

_MWG = "http://www.metadataworkinggroup.com/schemas/regions/"
_AREA = "http://ns.adobe.com/xmp/sType/Area#"
_DIMENSIONS = "http://ns.adobe.com/xap/1.0/sType/Dimensions#"
_MICROSOFT = "http://ns.microsoft.com/photo/1.2/"
_MICROSOFT_REGION = "http://ns.microsoft.com/photo/1.2/t/Region#"


def upright_regions(packet: bytes, orientation: int) -> bytes:
    """Return XMP whose areas are where they belong once the picture is upright.

    Regions that cannot be turned, as they are not told in shares, are left out.

    Args:
        packet: As it was read.
        orientation: EXIF's number of the picture as it is stored.

    Raises:
        ValueError: If it is no XMP.
    """
    return _edited(packet, lambda regions: _turn(regions, orientation))


def resized_regions(packet: bytes, source_size: Size, size: Size) -> bytes:
    """Return XMP whose regions apply to the enlarged picture.

    Those of a picture of other proportions, one that was cropped since, are left out: as their size says,
    they were out of date.

    Args:
        packet: After ``upright_regions``.
        source_size: Of the upright picture.
        size: Of the enlarged one.

    Raises:
        ValueError: If it is no XMP.
    """
    return _edited(packet, lambda regions: _resize(regions, source_size, size))


def _edited(packet: bytes, edit: Callable[[minidom.Element], None]) -> bytes:
    """Edit each set of regions; one that ``edit`` fails at with a ``ValueError`` is removed."""
    document = parsed(packet)
    found = [each for each in properties(rdf_in(document)) if _is_regions(each)]
    for each in found:
        try:
            edit(_element(each))
        except ValueError:
            remove(each)
    return written(document) if found else packet


def _is_regions(each: Property) -> bool:
    return is_named(each, _MWG, "Regions") or is_named(each, _MICROSOFT, "RegionInfo")


def _turn(regions: minidom.Element, orientation: int) -> None:
    for area in _within(regions, _MWG, "Area"):
        _turn_area(_fields(_element(area), _AREA), orientation)
    for rectangle in _within(regions, _MICROSOFT_REGION, "Rectangle"):
        _turn_rectangle(rectangle, orientation)
    for dimensions in _within(regions, _MWG, "AppliedToDimensions"):
        _turn_sides(_fields(_element(dimensions), _DIMENSIONS), orientation)


def _turn_area(area: Mapping[str, Property], orientation: int) -> None:
    """Turn an area: its middle is ``x`` and ``y``, and a point has no sides, a circle a diameter."""
    if "unit" in area and value_of(area["unit"]).strip() != "normalized":
        raise ValueError("an area that is not told in shares")
    point = upright_point(_number(area, "x"), _number(area, "y"), orientation)
    for name, value in zip("xy", point, strict=True):
        set_value(area[name], _share(value))
    if area.keys() & {"w", "h"}:
        _turn_sides(area, orientation)


def _turn_sides(fields: Mapping[str, Property], orientation: int) -> None:
    _number(fields, "w"), _number(fields, "h")
    if orientation in TURNED:
        width, height = value_of(fields["w"]), value_of(fields["h"])
        set_value(fields["w"], height)
        set_value(fields["h"], width)


def _turn_rectangle(rectangle: Property, orientation: int) -> None:
    """Turn Microsoft's form of an area: left, top, width and height."""
    left, top, width, height = (_finite(part) for part in value_of(rectangle).split(","))
    x, y = upright_point(left + width / 2, top + height / 2, orientation)
    if orientation in TURNED:
        width, height = height, width
    set_value(rectangle, ", ".join(map(_share, (x - width / 2, y - height / 2, width, height))))


def _resize(regions: minidom.Element, source_size: Size, size: Size) -> None:
    for each in _within(regions, _MWG, "AppliedToDimensions"):
        sides = _fields(_element(each), _DIMENSIONS)
        if not _has_proportions(_number(sides, "w"), _number(sides, "h"), source_size):
            raise ValueError("regions of another picture")
        set_value(sides["w"], str(size.width))
        set_value(sides["h"], str(size.height))
        if "unit" in sides:
            set_value(sides["unit"], "pixel")


def _has_proportions(width: float, height: float, size: Size) -> bool:
    """Tell whether a picture of these sides has those of ``size``, a pixel more or less for rounding."""
    return abs(width * size.height - height * size.width) <= max(width, height) + max(size)


def _within(regions: minidom.Element, namespace: str, name: str) -> Iterator[Property]:
    return (each for each in list(inside(regions)) if is_named(each, namespace, name))


def _fields(element: minidom.Element, namespace: str) -> dict[str, Property]:
    """Return the fields of a structure by name, whichever of its forms it has."""
    return {str(each.localName): each for each in inside(element) if each.namespaceURI == namespace}


def _element(each: Property) -> minidom.Element:
    if not isinstance(each, minidom.Element):
        raise ValueError("a structure that is a plain value")  # noqa: TRY004 - what a file says, not a caller
    return each


def _number(fields: Mapping[str, Property], name: str) -> float:
    if name not in fields:
        raise ValueError(f"a structure without {name}")
    return _finite(value_of(fields[name]))


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text} is no share")
    return value


def _share(value: float) -> str:
    return f"{value:.9f}".rstrip("0").rstrip(".")
