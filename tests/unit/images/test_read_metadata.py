"""Orientation, EXIF, XMP, IPTC, resolution and profiles."""

import hashlib
import struct
import xml.etree.ElementTree as ET
import zlib

import numpy as np
import pytest
from PIL import Image, ImageOps, PngImagePlugin

from infdit_cli.images import read_image
from infdit_cli.images.metadata import tiff_metadata
from infdit_cli.metadata import Exif
from infdit_cli.metadata.ifd import Tag
from support.pictures import (
    GREY_PROFILE,
    IPTC,
    MAKE,
    ORIENTATION,
    SRGB,
    XMP,
    XMP_WITH_AN_AREA,
    encoded,
    noise,
    pillow,
    save_deep,
)
from support.pngs import chunk, png_with, raw_profile

X_RESOLUTION, Y_RESOLUTION, RESOLUTION_UNIT = 0x011A, 0x011B, 0x0128


def tagged(orientation):
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKE] = orientation, "Cameramaker"
    return exif


def tags_of(picture):
    exif = Image.Exif()
    exif.load(picture.metadata.exif)
    return exif


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["PNG", "TIFF", "WEBP"])
def test_the_orientation_is_applied(tmp_path, orientation, kind):
    source = pillow(noise(4, 6))
    path = tmp_path / "turned"
    options = {"lossless": True} if kind == "WEBP" else {}
    path.write_bytes(encoded(source, kind, exif=tagged(orientation), **options))
    picture = read_image(path)
    source.getexif()[ORIENTATION] = orientation
    np.testing.assert_array_equal(picture.rgb, np.asarray(ImageOps.exif_transpose(source)))
    assert tags_of(picture)[MAKE] == "Cameramaker"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
def test_areas_in_the_xmp_turn_with_the_picture(tmp_path, kind):
    path = tmp_path / "turned"
    options = {"xmp": XMP_WITH_AN_AREA} if kind == "JPEG" else {}
    if kind == "PNG":
        options["pnginfo"] = PngImagePlugin.PngInfo()
        options["pnginfo"].add_itxt("XML:com.adobe.xmp", XMP_WITH_AN_AREA.decode())
    exif = tagged(6)
    if kind == "TIFF":
        exif[0x02BC] = XMP_WITH_AN_AREA
    path.write_bytes(encoded(pillow(noise(4, 6)), kind, exif=exif, **options))
    assert b'stArea:x="0.75" stArea:y="0.1"' in read_image(path).metadata.xmp


@pytest.mark.parametrize(("orientation", "expected"), [(3, (100, 50)), (6, (50, 100))])
def test_the_sensors_resolution_turns_with_the_picture(tmp_path, orientation, expected):
    say, across, down = Exif(), 0xA20E, 0xA20F
    shot = {across: say.rational(100), down: say.rational(50)}
    block = Exif(main={ORIENTATION: say.short(orientation)}, exif=shot).tobytes()
    path = tmp_path / "turned.png"
    path.write_bytes(encoded(pillow(noise(4, 6)), "PNG", exif=block))
    read = Exif.parse(read_image(path).metadata.exif)
    assert tuple(read.ratio(read.exif, number) for number in (across, down)) == expected


@pytest.mark.parametrize("height", [4, 700], ids=["small", "taller than libvips looks back"])
@pytest.mark.parametrize("suffix", ["png", "tif"])
def test_the_orientation_of_16_bits_is_applied_too(tmp_path, suffix, height):
    pixels = noise(height, 6, dtype=np.uint16)
    path = tmp_path / f"turned.{suffix}"
    save_deep(path, pixels, orientation=6)
    picture = read_image(path)
    np.testing.assert_array_equal(picture.rgb, np.rot90(pixels, -1))


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
    assert read_image(path).metadata.exif is None


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF"])
def test_the_resolution_of_the_file_is_known(tmp_path, kind):
    path = tmp_path / "printed"
    path.write_bytes(encoded(pillow(noise()), kind, dpi=(300, 150)))
    assert read_image(path).metadata.dpi == pytest.approx((300, 150), abs=0.1)


@pytest.mark.parametrize(
    ("unit", "expected"), [(2, (300, 150)), (3, (762, 381)), (None, (300, 150)), (1, None)], ids=str
)
def test_the_resolution_in_the_exif_counts_and_its_unit(tmp_path, unit, expected):
    exif = Image.Exif()
    exif[X_RESOLUTION], exif[Y_RESOLUTION] = 300.0, 150.0
    if unit:
        exif[RESOLUTION_UNIT] = unit
    path = tmp_path / "printed.webp"
    path.write_bytes(encoded(pillow(noise()), "WEBP", exif=exif))
    assert read_image(path).metadata.dpi == expected


def test_a_turned_picture_has_its_resolutions_turned(tmp_path):
    path = tmp_path / "printed.png"
    path.write_bytes(encoded(pillow(noise()), "PNG", exif=tagged(6), dpi=(300, 150)))
    assert read_image(path).metadata.dpi == pytest.approx((150, 300), abs=0.1)


def extended(tmp_path, part, *, announced=None, length=None, chunk_bytes=100):
    """Return what is read of a JPEG whose XMP has a part in chunks, the last of them first."""
    digest = hashlib.md5(part, usedforsecurity=False).hexdigest().upper().encode()
    note = b'<rdf:Description xmlns:n="http://ns.adobe.com/xmp/note/" n:HasExtendedXMP="%s"/></rdf:RDF>'
    rdf = b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    first = b"<a>" + rdf + note % (announced or digest) + b"</a>"
    chunks = [
        digest + struct.pack(">II", len(part) if length is None else length, at) + part[at : at + chunk_bytes]
        for at in range(0, len(part), chunk_bytes)
    ]
    contents = [b"http://ns.adobe.com/xmp/extension/\0" + each for each in reversed(chunks)]
    segments = [b"\xff\xe1" + struct.pack(">H", len(each) + 2) + each for each in contents]
    jpeg = encoded(pillow(noise()), "JPEG", xmp=first)
    path = tmp_path / "long.jpg"
    path.write_bytes(jpeg[:2] + b"".join(segments) + jpeg[2:])
    return first, read_image(path)


PART = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/" xmlns:mine="urn:mine">'
    b'<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><r:Description mine:short="one">'
    b"<mine:long>" + b"two " * 100 + b"</mine:long></r:Description></r:RDF></x:xmpmeta>"
)


def test_xmp_in_more_than_one_segment_is_one_packet(tmp_path):
    _, picture = extended(tmp_path, PART)
    assert picture.notes == ()
    described = ET.fromstring(picture.metadata.xmp)[0][1]  # noqa: S314 - our own
    assert described.get("{urn:mine}short") == "one"
    assert described[0].tag == "{urn:mine}long"
    assert described[0].text == "two " * 100


@pytest.mark.parametrize(
    ("part", "wrong"),
    [
        (PART, {"announced": b"A" * 32}),
        (PART, {"announced": b" "}),
        (PART, {"length": 5}),
        (b"<a/>", {}),
        (b"no XML", {}),
        (b'<!DOCTYPE a [<!ENTITY b "c">]>' + PART, {}),
    ],
    ids=["another", "none", "incomplete", "without RDF", "no XML", "with a document type"],
)
def test_an_extended_part_that_is_not_right_is_told_to_be_left_out(tmp_path, part, wrong):
    first, picture = extended(tmp_path, part, **wrong)
    assert picture.metadata.xmp == first
    assert picture.notes == ("the extended part of the XMP was dropped",)


@pytest.mark.parametrize("ratio", [(4_294_967_295, 1), (1, 100_000)])
def test_an_exif_resolution_that_is_none_gives_way_to_the_containers(tmp_path, ratio):
    value = Tag(5, struct.pack("<II", *ratio))
    block = Exif(main={X_RESOLUTION: value, Y_RESOLUTION: value}).tobytes()
    path = tmp_path / "odd.png"
    path.write_bytes(encoded(pillow(noise()), "PNG", exif=block))
    assert read_image(path).metadata.dpi is None
    path.write_bytes(encoded(pillow(noise()), "PNG", exif=block, dpi=(300, 300)))
    assert read_image(path).metadata.dpi == pytest.approx((300, 300), abs=0.1)


@pytest.mark.parametrize("dpi", [(0, 0), (0, 300)])
def test_a_resolution_of_nothing_is_none(tmp_path, dpi):
    path = tmp_path / "odd.png"
    path.write_bytes(encoded(pillow(noise()), "PNG", dpi=dpi))
    assert read_image(path).metadata.dpi is None


def test_letters_beyond_ascii_stay_what_they_are(tmp_path):
    block = Exif(main={0x013B: Tag(2, "Jörg\0".encode())}).tobytes()
    path = tmp_path / "named.jpg"
    path.write_bytes(encoded(pillow(noise()), "JPEG", exif=b"Exif\0\0" + block))
    assert Exif.parse(read_image(path).metadata.exif).main[0x013B].data == "Jörg\0".encode()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF", "AVIF"])
def test_xmp_is_found_in_every_container(tmp_path, kind):
    path = tmp_path / "described"
    options = {"tiffinfo": {700: XMP}} if kind == "TIFF" else {"xmp": XMP}
    if kind == "PNG":
        options = {"pnginfo": PngImagePlugin.PngInfo()}
        options["pnginfo"].add_itxt("XML:com.adobe.xmp", XMP.decode())
    path.write_bytes(encoded(pillow(noise()), kind, **options))
    assert read_image(path).metadata.xmp == XMP


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("kind", ["iTXt", "iTXt compressed", "zTXt", "tEXt"])
def test_metadata_behind_the_pixels_of_a_png_are_found(tmp_path, dtype, kind):
    path = tmp_path / "late.png"
    save_deep(path, noise(dtype=dtype)) if dtype == np.uint16 else pillow(noise()).save(path)
    text = {
        "iTXt": b"\0\0\0\0" + XMP,
        "iTXt compressed": b"\x01\0\0\0" + zlib.compress(XMP),
        "zTXt": b"\0" + zlib.compress(XMP),
        "tEXt": XMP,
    }[kind]
    late = chunk(kind[:4].encode(), b"XML:com.adobe.xmp\0" + text) + chunk(b"eXIf", tagged(6).tobytes()[6:])
    end = chunk(b"IEND", b"")
    path.write_bytes(path.read_bytes().removesuffix(end) + late + end)
    picture = read_image(path)
    assert picture.metadata.xmp == XMP
    assert picture.size == (64, 48)


@pytest.mark.parametrize("place", ["before", "behind"])
def test_blocks_that_a_png_keeps_as_digits_are_found(tmp_path, place):
    blocks = {"exif": tagged(6).tobytes(), "xmp": XMP, "iptc": b"8BIM\x04\x04\0\0\0\0\0\x0a" + IPTC}
    told = b"".join(chunk(b"tEXt", raw_profile(name, data)) for name, data in blocks.items())
    path = tmp_path / "magick.png"
    path.write_bytes(png_with(pillow(noise()), **{place: told}))
    picture = read_image(path)
    assert tags_of(picture)[MAKE] == "Cameramaker"
    assert (picture.metadata.xmp, picture.metadata.iptc) == (XMP, IPTC)
    assert picture.size == (64, 48)


@pytest.mark.parametrize("digits", [b"", b"\nexif\n 4\nzz", b"\nexif\n 4\n\xff\xfe", b"\nexif\n 4\nabc"])
def test_digits_that_are_none_are_no_metadata(tmp_path, digits):
    path = tmp_path / "odd.png"
    path.write_bytes(png_with(pillow(noise()), before=chunk(b"tEXt", b"Raw profile type exif\0" + digits)))
    picture = read_image(path)
    assert (picture.metadata.exif, picture.notes) == (None, ())


def test_damaged_text_in_a_png_costs_the_text_alone(tmp_path):
    path = tmp_path / "odd.png"
    pillow(noise()).save(path)
    end = chunk(b"IEND", b"")
    late = chunk(b"iTXt", b"XML:com.adobe.xmp\0\x01\0\0\0nonsense")
    path.write_bytes(path.read_bytes().removesuffix(end) + late + end)
    assert read_image(path).metadata.xmp is None


def test_iptc_is_found_in_jpeg_and_tiff(tmp_path):
    path = tmp_path / "titled"
    segment = b"Photoshop 3.0\x008BIM\x04\x04\0\0" + struct.pack(">I", len(IPTC)) + IPTC
    jpeg = encoded(pillow(noise()), "JPEG")
    path.write_bytes(jpeg[:2] + b"\xff\xed" + struct.pack(">H", len(segment) + 2) + segment + jpeg[2:])
    assert read_image(path).metadata.iptc == IPTC
    path.write_bytes(encoded(pillow(noise()), "TIFF", tiffinfo={33723: IPTC}))
    assert read_image(path).metadata.iptc == IPTC


@pytest.mark.parametrize("order", ["<", ">"])
def test_iptc_that_a_tiff_holds_as_longs_is_put_in_order(tmp_path, order):
    longs = IPTC + b"\0" * (-len(IPTC) % 4)
    turned = longs if order == "<" else b"".join(longs[at : at + 4][::-1] for at in range(0, len(longs), 4))
    block = Exif(main={33723: Tag(4, turned)}).tobytes()
    path = tmp_path / "tags.tif"
    path.write_bytes(block)
    assert tiff_metadata(path).metadata.iptc == IPTC


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
    assert picture.metadata.exif is None
    assert picture.notes == ("the EXIF data could not be read and was dropped",)


def test_a_grey_profile_stays_with_grey_pixels(tmp_path):
    path = tmp_path / "grey.png"
    pillow(noise(channels=1)).save(path, icc_profile=GREY_PROFILE)
    picture = read_image(path)
    assert picture.grey
    assert picture.metadata.icc_profile == GREY_PROFILE


def test_a_profile_of_other_pixels_is_dropped_and_said(tmp_path):
    path = tmp_path / "grey.png"
    pillow(noise(channels=1)).save(path, icc_profile=SRGB)
    picture = read_image(path)
    assert picture.metadata.icc_profile is None
    assert picture.notes == ("the colour profile does not fit the pixels and was dropped",)


def test_a_tiff_that_says_no_resolution_has_none(tmp_path):
    path = tmp_path / "plain.tif"
    Image.fromarray(noise()).save(path)
    assert read_image(path).metadata.dpi is None
