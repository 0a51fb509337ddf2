"""Areas of faces in XMP: they stay on the faces, whatever the picture's orientation and size."""

import re

import numpy as np
import pytest

from infdit_cli.geometry import Size
from infdit_cli.images.orientation import upright
from infdit_cli.images.xmp_regions import resized_regions, upright_regions

STORED = Size(30, 40)
LARGE = Size(160, 120)  # of the picture turned by a quarter, four times
AREA = '<mwg-rs:Area stArea:x="{x}" stArea:y="{y}" stArea:w="0.2" stArea:h="0.1" stArea:unit="normalized"/>'
FIELDS = (
    '<mwg-rs:Area rdf:parseType="Resource"><stArea:x>{x}</stArea:x><stArea:y>{y}</stArea:y>'
    "<stArea:w>0.2</stArea:w><stArea:h>0.1</stArea:h></mwg-rs:Area>"
)
DIMENSIONS = '<mwg-rs:AppliedToDimensions stDim:w="{w}" stDim:h="{h}" stDim:unit="pixel"/>'
RECTANGLE = (
    "<MPReg:Rectangle>0.1, 0.2, 0.5, 0.25</MPReg:Rectangle>"
    "<MPReg:PersonDisplayName>Ada</MPReg:PersonDisplayName>"
)


def packet(properties):
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:mwg-rs="http://www.metadataworkinggroup.com/schemas/regions/"'
        ' xmlns:stArea="http://ns.adobe.com/xmp/sType/Area#"'
        ' xmlns:stDim="http://ns.adobe.com/xap/1.0/sType/Dimensions#"'
        ' xmlns:MP="http://ns.microsoft.com/photo/1.2/"'
        ' xmlns:MPRI="http://ns.microsoft.com/photo/1.2/t/RegionInfo#"'
        ' xmlns:MPReg="http://ns.microsoft.com/photo/1.2/t/Region#">'
        f"<MP:kept>1</MP:kept>{properties}</rdf:Description></rdf:RDF></x:xmpmeta>"
    ).encode()


def regions(area, width=40, height=30):
    listed = (
        f'<rdf:Bag><rdf:li rdf:parseType="Resource"><mwg-rs:Name>Ada</mwg-rs:Name>{area}</rdf:li></rdf:Bag>'
    )
    return packet(
        f'<mwg-rs:Regions rdf:parseType="Resource">{DIMENSIONS.format(w=width, h=height)}'
        f"<mwg-rs:RegionList>{listed}</mwg-rs:RegionList></mwg-rs:Regions>"
    )


def microsoft(region):
    listed = f'<rdf:Bag><rdf:li rdf:parseType="Resource">{region}</rdf:li></rdf:Bag>'
    return packet(
        f'<MP:RegionInfo rdf:parseType="Resource"><MPRI:Regions>{listed}</MPRI:Regions></MP:RegionInfo>'
    )


def told(xmp, name):
    """Return the number that a field has, as an attribute or as an element."""
    return float(re.search(rf'{name}(?:="|>)([^"<]+)', xmp.decode())[1])


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("area", [AREA, FIELDS], ids=["attributes", "fields"])
def test_an_area_stays_on_its_pixel_and_has_its_sides(area, orientation):
    row, col = 7, 25
    pixels = np.zeros(STORED)
    pixels[row, col] = 1
    turned = upright(pixels, orientation)
    [[row_after, col_after]] = np.argwhere(turned)
    before = area.format(x=(col + 0.5) / STORED.width, y=(row + 0.5) / STORED.height)
    made = upright_regions(regions(before), orientation)
    height, width = turned.shape
    assert told(made, "stArea:x") == pytest.approx((col_after + 0.5) / width)
    assert told(made, "stArea:y") == pytest.approx((row_after + 0.5) / height)
    sides = (told(made, "stArea:w"), told(made, "stArea:h"))
    assert sides == ((0.1, 0.2) if orientation >= 5 else (0.2, 0.1))
    assert (told(made, "stDim:w"), told(made, "stDim:h")) == (width, height)
    assert b"Ada" in made


@pytest.mark.parametrize(
    ("orientation", "expected"),
    [(3, "0.4, 0.55, 0.5, 0.25"), (6, "0.55, 0.1, 0.25, 0.5"), (8, "0.2, 0.4, 0.25, 0.5")],
)
def test_microsofts_rectangles_turn_by_their_corners(orientation, expected):
    made = upright_regions(microsoft(RECTANGLE), orientation)
    assert f">{expected}<".encode() in made
    assert b"Ada" in made


def test_a_person_without_a_rectangle_stays():
    assert b"Ada" in upright_regions(microsoft("<MPReg:PersonDisplayName>Ada</MPReg:PersonDisplayName>"), 6)


def test_a_point_and_a_circle_have_no_sides():
    made = upright_regions(regions('<mwg-rs:Area stArea:x="0.25" stArea:y="0.5" stArea:d="0.3"/>'), 6)
    assert (told(made, "stArea:x"), told(made, "stArea:y"), told(made, "stArea:d")) == (0.5, 0.25, 0.3)


@pytest.mark.parametrize(
    "area",
    [
        '<mwg-rs:Area stArea:x="12" stArea:y="7" stArea:unit="pixel"/>',
        '<mwg-rs:Area stArea:x="0.5"/>',
        '<mwg-rs:Area stArea:x="nan" stArea:y="0.5"/>',
        '<mwg-rs:Area stArea:x="0.5" stArea:y="0.5" stArea:w="0.1"/>',
        "<mwg-rs:Area/>",
    ],
)
def test_what_cannot_be_turned_goes_and_nothing_else(area):
    made = upright_regions(regions(area), 6)
    assert b"Regions" not in made
    assert b"<MP:kept>1</MP:kept>" in made


def test_rectangles_that_are_none_go():
    assert b"RegionInfo>" not in upright_regions(
        microsoft("<MPReg:Rectangle>0,1, 0,2, 1</MPReg:Rectangle>"), 6
    )


def test_the_size_is_that_of_the_output():
    once = resized_regions(upright_regions(regions(AREA.format(x=0.5, y=0.25)), 6), Size(40, 30), LARGE)
    assert (told(once, "stDim:w"), told(once, "stDim:h")) == (LARGE.width, LARGE.height)
    assert (told(once, "stArea:x"), told(once, "stArea:y")) == (0.75, 0.5)


@pytest.mark.parametrize(("width", "height", "stays"), [(4000, 3000, True), (41, 30, True), (40, 40, False)])
def test_regions_of_a_picture_of_other_proportions_go(width, height, stays):
    made = resized_regions(regions(AREA.format(x=0.5, y=0.5), width, height), STORED, Size(120, 160))
    assert (b"mwg-rs:Regions" in made) is stays


def test_xmp_without_regions_stays_the_bytes_it_was():
    plain = packet("<MP:b/>")
    assert upright_regions(plain, 6) is plain
    assert resized_regions(plain, STORED, LARGE) is plain
