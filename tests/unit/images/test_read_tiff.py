"""TIFFs of every layout: read as they are meant, or refused in clear words."""

import numpy as np
import pytest

from infdit_cli.errors import UnsupportedImage
from infdit_cli.images import read_image
from support.pictures import noise
from support.tiffs import (
    ALPHA,
    CMYK,
    FLOAT,
    GREY,
    PREMULTIPLIED,
    SIGNED,
    UNSPECIFIED,
    WHITE_IS_ZERO,
    tiff,
)


def read(folder, pixels, **options):
    path = folder / "picture.tif"
    path.write_bytes(tiff(pixels, **options))
    return read_image(path)


def visible(channels, dtype):
    """Return noise whose last channel hides no pixel, so that none gets a new colour."""
    pixels = noise(6, 9, channels=channels, dtype=dtype)
    pixels[..., -1] |= 1 << (8 * pixels.itemsize - 1)
    return pixels


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("deflated", [False, True])
@pytest.mark.parametrize(("channels", "extra"), [(3, ()), (4, (ALPHA,))])
def test_planes_of_16_bits_are_read_with_all_their_bits(tmp_path, channels, extra, deflated, order):
    pixels = visible(channels, np.uint16)
    picture = read(tmp_path, pixels, extra=extra, planar=True, deflated=deflated, order=order)
    np.testing.assert_array_equal(picture.rgb, pixels[..., :3])
    if extra:
        np.testing.assert_array_equal(picture.alpha, pixels[..., 3])


@pytest.mark.parametrize("tile", [0, 16])
@pytest.mark.parametrize("deflated", [False, True])
@pytest.mark.parametrize(("channels", "extra"), [(3, ()), (4, (ALPHA,))])
def test_planes_of_8_bits_are_read(tmp_path, channels, extra, deflated, tile):
    pixels = visible(channels, np.uint8)
    picture = read(tmp_path, pixels, extra=extra, planar=True, deflated=deflated, tile=tile)
    np.testing.assert_array_equal(picture.rgb, pixels[..., :3])


@pytest.mark.parametrize("deflated", [False, True])
def test_planes_of_premultiplied_colours_are_read(tmp_path, deflated):
    pixels = noise(6, 9, channels=4)
    pixels[..., 3] = 255
    picture = read(tmp_path, pixels, extra=(PREMULTIPLIED,), planar=True, deflated=deflated)
    np.testing.assert_array_equal(picture.rgb, pixels[..., :3])


@pytest.mark.parametrize(
    ("channels", "dtype", "options"),
    [
        (3, np.uint16, {"tile": 16}),
        (3, np.uint16, {"tile": 16, "deflated": True}),
        (4, np.uint8, {"tile": 16, "extra": (PREMULTIPLIED,)}),
        (4, np.uint8, {"tile": 16, "extra": (UNSPECIFIED,)}),
        (4, np.uint16, {"photometric": CMYK}),
        (2, np.uint16, {"extra": (ALPHA,)}),
        (2, np.uint8, {"extra": (ALPHA,)}),
        (2, np.uint8, {"extra": (ALPHA,), "deflated": True}),
        (2, np.uint8, {}),
    ],
)
def test_planes_that_no_decoder_joins_correctly_are_not_supported(tmp_path, channels, dtype, options):
    bits = np.iinfo(dtype).bits
    with pytest.raises(UnsupportedImage, match=f"{channels} channels of {bits} bits in separate planes"):
        read(tmp_path, noise(20, 30, channels=channels, dtype=dtype), planar=True, **options)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize(("channels", "planar"), [(2, False), (4, False), (4, True)])
def test_a_sample_that_nobody_says_is_alpha_is_none(tmp_path, channels, dtype, planar):
    pixels = noise(6, 9, channels=channels, dtype=dtype)
    picture = read(tmp_path, pixels, extra=(UNSPECIFIED,), planar=planar)
    assert picture.alpha is None
    np.testing.assert_array_equal(picture.rgb, np.broadcast_to(pixels[..., :-1], (6, 9, 3)))


@pytest.mark.parametrize(("channels", "extra"), [(1, ()), (2, (ALPHA,)), (3, ()), (4, (ALPHA,))])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("order", ["<", ">"])
def test_a_bigtiff_of_either_byte_order_is_read(tmp_path, channels, extra, dtype, order):
    pixels = visible(channels, dtype)
    picture = read(tmp_path, pixels, extra=extra, order=order, big=True)
    colours = pixels[..., : 1 if channels < 3 else 3]
    np.testing.assert_array_equal(picture.rgb, np.broadcast_to(colours, picture.rgb.shape))
    assert picture.grey == (channels < 3)
    assert (picture.alpha is not None) == bool(extra)


@pytest.mark.parametrize("channels", [3, 4])
def test_grey_with_several_other_channels_is_no_rgb(tmp_path, channels):
    pixels = noise(channels=channels, dtype=np.uint16)
    with pytest.raises(UnsupportedImage, match=f"{channels} channels of ushort"):
        read(tmp_path, pixels, photometric=GREY, extra=(UNSPECIFIED,) * (channels - 1))


@pytest.mark.parametrize("options", [{}, {"deflated": True}, {"tile": 3008}], ids=str)
def test_a_strip_or_tile_of_any_size_is_read(tmp_path, options):
    pixels = noise(3000, 3008, dtype=np.uint16)
    np.testing.assert_array_equal(read(tmp_path, pixels, **options).rgb, pixels)


@pytest.mark.parametrize("deflated", [False, True])
def test_unsigned_integers_of_32_bits_do_not_wrap_round(tmp_path, deflated):
    pixels = np.array([[[0], [2**31], [2**32 - 1]]], np.uint32)
    picture = read(tmp_path, pixels, deflated=deflated)
    assert picture.rgb[0, :, 0].tolist() == [0, 32768, 65535]


def test_signed_integers_of_32_bits_are_stretched(tmp_path):
    picture = read(tmp_path, np.array([[[-5], [0], [5]]], np.int32), sample_format=SIGNED)
    assert picture.rgb[0, :, 0].tolist() == [0, 32768, 65535]


@pytest.mark.parametrize("values", [[0.0, 0.25, 1.0], [0.0, 2.0, 8.0]])
def test_floats_of_which_zero_is_white_are_turned(tmp_path, values):
    pixels = np.array(values, np.float32).reshape(1, 3, 1)
    picture = read(tmp_path, pixels, photometric=WHITE_IS_ZERO, sample_format=FLOAT)
    assert picture.rgb[0, :, 0].tolist() == [65535, 65535 - 16384, 0]


@pytest.mark.parametrize("elsewhere", [{"more": {330: 8}}, {"following": 8}], ids=["inside", "behind"])
@pytest.mark.parametrize("said", [{254: 1}, {254: 5}, {255: 2}], ids=str)
def test_a_reduced_copy_before_the_picture_is_not_taken_for_it(tmp_path, said, elsewhere):
    more = said | elsewhere.get("more", {})
    with pytest.raises(UnsupportedImage, match="begins with a reduced copy of its picture") as error:
        read(tmp_path, noise(6, 9), **(elsewhere | {"more": more}))
    assert error.value.hint == "export it as JPEG or TIFF first"


@pytest.mark.parametrize("more", [{254: 0, 330: 8}, {254: 2, 330: 8}, {255: 1, 330: 8}, {254: 1}], ids=str)
def test_a_whole_picture_and_one_that_is_alone_are_read_whatever_they_are_called(tmp_path, more):
    pixels = noise(6, 9)
    np.testing.assert_array_equal(read(tmp_path, pixels, more=more).rgb, pixels)


@pytest.mark.parametrize(
    ("pixels", "options", "said"),
    [
        (np.zeros((4, 4, 1), np.int8), {"sample_format": SIGNED}, "signed integers of 8 bits"),
        (np.zeros((4, 4, 1), np.float16), {"sample_format": FLOAT}, "floats of 16 bits"),
        (np.zeros((4, 4, 1), np.float64), {"sample_format": FLOAT}, "64 bits a sample"),
        (np.zeros((4, 6, 1), np.uint8), {"bits": 12}, "12 bits a sample"),
        (np.zeros((4, 6, 3), np.uint8), {"bits": 12}, "12 bits a sample"),
    ],
    ids=["int8", "float16", "float64", "grey of 12 bits", "RGB of 12 bits"],
)
def test_samples_that_no_decoder_knows_are_not_supported_and_no_damage(tmp_path, pixels, options, said):
    with pytest.raises(UnsupportedImage, match=said) as error:
        read(tmp_path, pixels, **options)
    assert error.value.hint == "save it with 8 or 16 bits a channel"
