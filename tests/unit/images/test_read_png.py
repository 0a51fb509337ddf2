"""PNGs with damage beside the pixels, which are read, and in them, which are not."""

import struct
import zlib

import numpy as np
import pytest

from infdit_cli.errors import UnreadableImage
from infdit_cli.images import read_image, read_size
from support.pictures import SRGB, XMP, noise, pillow
from support.pngs import chunk, grey_png, png_with, torn

DAMAGED = {
    "gAMA": chunk(b"gAMA", b"\0"),
    "cHRM": chunk(b"cHRM", b"1234"),
    "sRGB": chunk(b"sRGB", b""),
    "pHYs": torn(chunk(b"pHYs", struct.pack(">IIB", 3000, 3000, 1))),
    "tEXt": torn(chunk(b"tEXt", b"a\0b")),
    "zTXt": chunk(b"zTXt", b"a\0\7b"),
    "iTXt": chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0garbage"),
    "iCCP": chunk(b"iCCP", b"a\0\0garbage"),
    "eXIf": torn(chunk(b"eXIf", b"II*\0\x08\0\0\0\0\0")),
}
DEPTHS = pytest.mark.parametrize("bits", [8, 16])
GREYS = bytes(range(8))


def written(folder, content):
    path = folder / "picture.png"
    path.write_bytes(content)
    return path


def grey(bits, **options):
    return grey_png([GREYS], width=len(GREYS) * 8 // bits, bits=bits, **options)


@DEPTHS
@pytest.mark.parametrize("kind", DAMAGED)
def test_damaged_metadata_cost_the_metadata_and_not_the_picture(tmp_path, kind, bits):
    sound = chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP)
    path = written(tmp_path, grey(bits, extra=DAMAGED[kind] + sound))
    picture = read_image(path)
    assert picture.notes == (f"damaged metadata was dropped: {kind}",)
    assert picture.metadata.xmp == XMP
    assert picture.metadata.exif is None
    np.testing.assert_array_equal(picture.rgb[0, :, 0], np.frombuffer(GREYS, f">u{bits // 8}"))
    assert read_size(path) == picture.size


def test_metadata_damaged_behind_the_pixels_is_dropped_too(tmp_path):
    pixels = noise()
    path = written(tmp_path, png_with(pillow(pixels), behind=b"".join(DAMAGED.values())))
    picture = read_image(path)
    np.testing.assert_array_equal(picture.rgb, pixels)
    assert picture.notes == (f"damaged metadata was dropped: {', '.join(DAMAGED)}",)


def test_sound_metadata_stays_when_other_is_dropped(tmp_path):
    profile = chunk(b"iCCP", b"a\0\0" + zlib.compress(SRGB))
    path = written(tmp_path, png_with(pillow(noise()), before=DAMAGED["gAMA"] + profile))
    assert read_image(path).metadata.icc_profile == SRGB


@DEPTHS
@pytest.mark.parametrize(
    "text", [b"XML:com.adobe.xmp\0\1\0\0\0", b"Comment\0\0"], ids=["international", "plain"]
)
def test_a_long_compressed_text_is_no_damage(tmp_path, text, bits):
    kind = b"iTXt" if text.startswith(b"XML") else b"zTXt"
    packet = XMP + b" " * 3_000_000
    picture = read_image(written(tmp_path, grey(bits, extra=chunk(kind, text + zlib.compress(packet)))))
    assert picture.notes == ()
    assert picture.metadata.xmp == (packet if kind == b"iTXt" else None)


@DEPTHS
def test_a_flipped_bit_in_the_pixels_is_never_another_picture(tmp_path, bits):
    content = grey(bits)
    start = content.index(b"IDAT") + 4
    for place in range(start, content.index(b"IEND") - 4):
        flipped = bytearray(content)
        flipped[place] ^= 4
        path = written(tmp_path, flipped)
        with pytest.raises(UnreadableImage, match="is damaged or incomplete"):
            read_image(path)


@pytest.mark.parametrize("kind", [b"tRNS", b"pLTE"])
def test_a_damaged_chunk_that_pixels_need_is_an_error(tmp_path, kind):
    path = written(tmp_path, grey(8, extra=torn(chunk(kind, b"\0\0"))))
    with pytest.raises(UnreadableImage):
        read_image(path)


@pytest.mark.parametrize(("bits", "key"), [(1, 1), (2, 1), (2, 3), (4, 6), (4, 15), (8, 5), (16, 0x0203)])
def test_the_grey_that_is_transparent_is_told_in_the_bits_of_the_file(tmp_path, bits, key):
    row = bytes([0b00011011, 0b11100100]) if bits < 4 else bytes([0x06, 0x2F]) if bits == 4 else GREYS
    width = len(row) * 8 // bits
    extra = chunk(b"tRNS", struct.pack(">H", key))
    picture = read_image(written(tmp_path, grey_png([row], width=width, bits=bits, extra=extra)))
    packed = "".join(f"{byte:08b}" for byte in row)
    greys = [int(packed[at : at + bits], 2) for at in range(0, len(packed), bits)]
    assert (picture.alpha[0] == 0).tolist() == [grey == key for grey in greys]
