"""Orientation, EXIF, resolution and profiles."""

import numpy as np
import pytest
from PIL import Image, ImageOps

from infdit_cli.images import read_image
from support.pictures import GREY_PROFILE, MAKE, ORIENTATION, SRGB, encoded, noise, pillow, save_deep

X_RESOLUTION = 0x011A


def tagged(orientation):
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKE] = orientation, "Cameramaker"
    return exif


def tags_of(picture):
    exif = Image.Exif()
    exif.load(picture.exif)
    return exif


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["PNG", "TIFF", "WEBP"])
def test_the_orientation_is_applied_and_reset(tmp_path, orientation, kind):
    source = pillow(noise(4, 6))
    path = tmp_path / "turned"
    options = {"lossless": True} if kind == "WEBP" else {}
    path.write_bytes(encoded(source, kind, exif=tagged(orientation), **options))
    picture = read_image(path)
    source.getexif()[ORIENTATION] = orientation
    np.testing.assert_array_equal(picture.rgb, np.asarray(ImageOps.exif_transpose(source)))
    assert tags_of(picture)[ORIENTATION] == 1
    assert tags_of(picture)[MAKE] == "Cameramaker"


@pytest.mark.parametrize("height", [4, 700], ids=["small", "taller than libvips looks back"])
@pytest.mark.parametrize("suffix", ["png", "tif"])
def test_the_orientation_of_16_bits_is_applied_too(tmp_path, suffix, height):
    pixels = noise(height, 6, dtype=np.uint16)
    path = tmp_path / f"turned.{suffix}"
    save_deep(path, pixels, orientation=6)
    picture = read_image(path)
    np.testing.assert_array_equal(picture.rgb, np.rot90(pixels, -1))
    assert tags_of(picture)[ORIENTATION] == 1


def test_an_orientation_alone_is_applied_and_no_damage(tmp_path):
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    path = tmp_path / "turned.jpg"
    path.write_bytes(encoded(pillow(noise(4, 6)), "JPEG", exif=exif))
    picture = read_image(path)
    assert picture.size == (6, 4)
    assert picture.notes == ()


def test_a_picture_without_exif_gets_none(tmp_path):
    path = tmp_path / "bare.png"
    pillow(noise()).save(path)
    assert read_image(path).exif is None


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_the_resolution_is_carried_in_the_exif(tmp_path, kind):
    path = tmp_path / "printed"
    path.write_bytes(encoded(pillow(noise()), kind, dpi=(300, 300)))
    assert tags_of(read_image(path))[X_RESOLUTION] == pytest.approx(300, abs=0.1)


def test_of_a_tiff_only_the_tags_about_the_picture_are_kept(tmp_path):
    path = tmp_path / "scan.tif"
    pillow(noise()).save(path, software="Scanmaker", compression="tiff_lzw", icc_profile=SRGB)
    tags = tags_of(read_image(path))
    assert tags[0x0131] == "Scanmaker"
    assert not {256, 257, 258, 259, 273, 279, 34675} & set(tags)


def test_damaged_exif_costs_the_exif_and_not_the_picture(tmp_path):
    pixels = noise()
    path = tmp_path / "odd.png"
    path.write_bytes(encoded(pillow(pixels), "PNG", exif=b"Exif\x00\x00nonsense"))
    picture = read_image(path)
    np.testing.assert_array_equal(picture.rgb, pixels)
    assert picture.exif is None
    assert picture.notes == ("the EXIF data could not be read and was dropped",)


def test_a_grey_profile_stays_with_grey_pixels(tmp_path):
    path = tmp_path / "grey.png"
    pillow(noise(channels=1)).save(path, icc_profile=GREY_PROFILE)
    picture = read_image(path)
    assert picture.grey
    assert picture.icc_profile == GREY_PROFILE


def test_a_profile_of_other_pixels_is_dropped_and_said(tmp_path):
    path = tmp_path / "grey.png"
    pillow(noise(channels=1)).save(path, icc_profile=SRGB)
    picture = read_image(path)
    assert picture.icc_profile is None
    assert picture.notes == ("the colour profile does not fit the pixels and was dropped",)
