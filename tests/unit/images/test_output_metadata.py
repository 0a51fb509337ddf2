"""What an upscaled picture says about itself."""

import pytest

from infdit_cli.geometry import Size
from infdit_cli.images import output_metadata
from infdit_cli.metadata import Metadata
from infdit_cli.metadata.exif import (
    IMAGE_LENGTH,
    IMAGE_WIDTH,
    ORIENTATION,
    PIXEL_X_DIMENSION,
    PIXEL_Y_DIMENSION,
    RESOLUTION_UNIT,
    X_RESOLUTION,
    Y_RESOLUTION,
    Exif,
)
from infdit_cli.metadata.ifd import Tag
from support.pictures import MAKE, XMP, XMP_WITH_AN_AREA

SMALL, LARGE = Size(30, 40), Size(120, 160)
SUBJECT_AREA, FOCAL_PLANE_X, MAKER_NOTE, RELATED_WIDTH = 0x9214, 0xA20E, 0x927C, 0x1001
NOTE = Tag(7, b"Maker\0\xff\xfe")


def photograph(order=">"):
    say = Exif(order=order)
    return Exif(
        order=order,
        main={MAKE: Tag(2, b"M\xc3\xbcller\0"), ORIENTATION: say.short(6), IMAGE_WIDTH: say.long(40)},
        exif={
            PIXEL_X_DIMENSION: say.short(40),
            PIXEL_Y_DIMENSION: say.short(30),
            SUBJECT_AREA: Tag(3, b"\0\1" * 4),
            FOCAL_PLANE_X: say.rational(5000),
            MAKER_NOTE: NOTE,
        },
        interop={RELATED_WIDTH: say.short(40), 1: Tag(2, b"R98\0")},
    ).tobytes()


def carried(metadata, provenance=None):
    made, notes = output_metadata(metadata, source_size=SMALL, size=LARGE, provenance=provenance)
    assert notes == ()
    return made


@pytest.mark.parametrize("order", "<>")
def test_orientation_and_sizes_are_those_of_the_output(order):
    made = Exif.parse(carried(Metadata(exif=photograph(order))).exif)
    assert made.integer(made.main, ORIENTATION) == 1
    assert made.integer(made.main, IMAGE_WIDTH) == 160
    assert made.integer(made.exif, PIXEL_X_DIMENSION) == 160
    assert made.integer(made.exif, PIXEL_Y_DIMENSION) == 120
    assert IMAGE_LENGTH not in made.main, "it was not there"


def test_areas_in_the_xmp_apply_to_the_output():
    made = carried(Metadata(xmp=XMP_WITH_AN_AREA)).xmp
    assert b'stDim:w="160" stDim:h="120"' in made
    assert b'stArea:x="0.1" stArea:y="0.25"' in made


def test_what_says_something_about_the_shot_stays_byte_by_byte():
    made = Exif.parse(carried(Metadata(exif=photograph())).exif)
    assert made.main[MAKE].data == b"M\xc3\xbcller\0"
    assert made.exif[MAKER_NOTE] == NOTE
    assert made.interop == {1: Tag(2, b"R98\0")}


def test_places_in_the_old_picture_go_and_the_sensors_pixels_grow():
    made = Exif.parse(carried(Metadata(exif=photograph())).exif)
    assert SUBJECT_AREA not in made.exif
    assert made.ratio(made.exif, FOCAL_PLANE_X) == 20_000


@pytest.mark.parametrize("exif", [None, photograph()], ids=["bare", "photograph"])
def test_the_resolution_grows_so_that_the_print_stays_as_large(exif):
    made = carried(Metadata(exif=exif, dpi=(300, 150)))
    assert made.dpi == (1200, 600)
    tags = Exif.parse(made.exif)
    assert tags.ratio(tags.main, X_RESOLUTION) == 1200
    assert tags.ratio(tags.main, Y_RESOLUTION) == 600
    assert tags.integer(tags.main, RESOLUTION_UNIT) == 2


def test_a_pixel_enlarged_to_thousands_gets_the_largest_resolution_that_can_be_written():
    enlarged, _ = output_metadata(
        Metadata(dpi=(900_000, 300)), source_size=Size(1, 1), size=Size(1000, 1000), provenance=None
    )
    assert enlarged.dpi == (400_000, 300_000)


def test_a_picture_that_says_nothing_says_nothing_larger():
    assert carried(Metadata()) == Metadata()


def test_colour_profile_and_iptc_are_handed_on():
    assert carried(Metadata(icc_profile=b"p", iptc=b"i")) == Metadata(icc_profile=b"p", iptc=b"i")


def test_xmp_is_rewritten_and_damaged_xmp_is_dropped_and_said():
    assert b"rdf:RDF" in carried(Metadata(xmp=XMP)).xmp
    made, notes = output_metadata(Metadata(xmp=b"<x"), source_size=SMALL, size=LARGE, provenance=None)
    assert made.xmp is None
    assert notes == ("the XMP data could not be read and was dropped",)
