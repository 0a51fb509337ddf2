import numpy as np
import pytest
import pyvips
from PIL import Image

from infdit_cli.images import read_image
from infdit_cli.metadata import Exif
from infdit_cli.metadata.ifd import Tag
from infdit_cli.tiles.writers.tiff_tags import add_blocks
from support.pictures import IPTC, MAKE, ORIENTATION, noise

EXIF_IFD, GPS_IFD, INTEROP_IFD, IPTC_TAG = 0x8769, 0x8825, 0xA005, 33723
EXPOSURE, LATITUDE, INDEX = 0x829A, 2, 1


def block(order):
    maker = Tag(7, b"Maker\0" + bytes(range(99)))
    numbers = np.array([1, 125], np.dtype(np.uint32).newbyteorder(order)).tobytes()
    return Exif(
        order=order,
        main={MAKE: Tag(2, b"Cameramaker\0"), ORIENTATION: Exif(order=order).short(1)},
        exif={EXPOSURE: Tag(5, numbers), 0x927C: maker},
        gps={1: Tag(2, b"N\0"), LATITUDE: Tag(5, numbers * 3)},
        interop={INDEX: Tag(2, b"R98\0")},
    ).tobytes()


@pytest.fixture(params=[False, True], ids=["classic", "big"])
def tiff(request, tmp_path):
    path = tmp_path / "out.tif"
    image = pyvips.Image.new_from_array(noise(300, 300), interpretation="srgb")
    image.tiffsave(str(path), tile=True, bigtiff=request.param, keep=8)
    return path


@pytest.mark.parametrize("order", ["<", ">"])
def test_other_readers_find_every_directory_and_the_same_pixels(tiff, order):
    add_blocks(tiff, {"EXIF": block(order), "IPTC": IPTC})
    np.testing.assert_array_equal(pyvips.Image.tiffload(str(tiff)).numpy(), noise(300, 300))
    with Image.open(tiff) as picture:
        exif = picture.getexif()
        assert exif[MAKE] == "Cameramaker"
        assert exif.get_ifd(EXIF_IFD)[EXPOSURE] == pytest.approx(1 / 125)
        assert exif.get_ifd(EXIF_IFD)[0x927C] == b"Maker\0" + bytes(range(99))
        assert exif.get_ifd(GPS_IFD)[LATITUDE] == pytest.approx((1 / 125,) * 3)
        assert exif.get_ifd(INTEROP_IFD)[INDEX] == "R98"
        assert picture.tag_v2[IPTC_TAG] == IPTC
        np.testing.assert_array_equal(np.asarray(picture), noise(300, 300))
    assert read_image(tiff).metadata.iptc == IPTC


def test_what_the_tiff_says_of_itself_stays(tiff):
    with Image.open(tiff) as picture:
        before = dict(picture.tag_v2)
    add_blocks(tiff, {"EXIF": Exif(main={0x0100: Tag(3, b"\1\0"), 0x0117: Tag(3, b"\1\0")}).tobytes()})
    with Image.open(tiff) as picture:
        added = dict(picture.tag_v2)
    assert {tag: added[tag] for tag in before} == before


def test_without_blocks_the_file_is_not_touched(tiff):
    before = tiff.read_bytes()
    add_blocks(tiff, {})
    assert tiff.read_bytes() == before
