"""Every kind of pixel that a file may hold."""

import numpy as np
import pytest
import pyvips
from PIL import Image

from infdit_cli.errors import UnreadableImage
from infdit_cli.images import read_image
from support.pictures import MODES, SRGB, cmyk_profile, encoded, noise, pillow, save_deep, smooth

LOSSLESS = {"PNG": {}, "WEBP": {"lossless": True}, "TIFF": {}, "BMP": {}, "PPM": {}, "TGA": {}, "QOI": {}}


def read(folder, picture, kind="PNG", **options):
    path = folder / f"picture.{kind.lower()}"
    path.write_bytes(encoded(picture, kind, **options))
    return read_image(path)


@pytest.mark.parametrize("kind", LOSSLESS)
def test_rgb_of_every_lossless_format_arrives_unchanged(tmp_path, kind):
    pixels = noise(5, 7)
    picture = read(tmp_path, pillow(pixels), kind, **LOSSLESS[kind])
    np.testing.assert_array_equal(picture.rgb, pixels)
    assert (picture.alpha, picture.grey, picture.notes) == (None, False, ())
    assert picture.size == (5, 7)


@pytest.mark.parametrize("kind", ["JPEG", "AVIF", "GIF"])
def test_lossy_formats_arrive_closely(tmp_path, kind):
    pixels = smooth()
    picture = read(tmp_path, pillow(pixels), kind)
    assert np.abs(picture.rgb.astype(int) - pixels).mean() < 6


@pytest.mark.parametrize("channels", MODES)
@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_grey_alpha_and_depth_are_kept(tmp_path, channels, kind, dtype):
    pixels = noise(6, 9, channels=channels, dtype=dtype)
    pixels[..., -1] |= 1 << (8 * pixels.itemsize - 1)  # hidden pixels would get new colours
    path = tmp_path / f"picture.{kind.lower()}"
    if dtype == np.uint8:
        pillow(pixels).save(path)
    else:
        save_deep(path, pixels)
    picture = read_image(path)
    assert picture.rgb.dtype == dtype
    assert picture.grey == (channels <= 2)
    np.testing.assert_array_equal(
        picture.rgb, np.broadcast_to(pixels[..., : 1 if channels < 3 else 3], (6, 9, 3))
    )
    if channels in {2, 4}:
        np.testing.assert_array_equal(picture.alpha, pixels[..., -1])
        assert picture.alpha.dtype == dtype
    else:
        assert picture.alpha is None


def test_a_file_rewritten_under_its_name_is_read_anew(tmp_path):
    path = tmp_path / "deep.png"
    for seed in (1, 2):
        pixels = noise(dtype=np.uint16, seed=seed)
        save_deep(path, pixels)
        np.testing.assert_array_equal(read_image(path).rgb, pixels)


def test_black_and_white_is_grey(tmp_path):
    bits = noise(5, 9, channels=1)[..., 0] > 127
    picture = read(tmp_path, Image.fromarray(bits))
    assert picture.grey
    np.testing.assert_array_equal(picture.rgb[..., 1], bits * np.uint8(255))


def test_a_palette_becomes_its_colours(tmp_path):
    source = pillow(smooth()).quantize(16)
    picture = read(tmp_path, source)
    np.testing.assert_array_equal(picture.rgb, np.asarray(source.convert("RGB")))
    assert picture.alpha is None


@pytest.mark.parametrize("mode", ["P", "RGB", "L"])
def test_a_transparent_colour_becomes_alpha(tmp_path, mode):
    pixels = np.zeros((4, 4, 3), np.uint8)
    pixels[2:] = 255
    key = {"P": 0, "RGB": (0, 0, 0), "L": 0}[mode]
    source = pillow(pixels).quantize(2) if mode == "P" else pillow(pixels).convert(mode)
    if mode == "P":
        key = source.getpixel((0, 0))
    picture = read(tmp_path, source, transparency=key)
    assert picture.alpha[:, 0].tolist() == [0, 0, 255, 255]
    assert picture.grey == (mode == "L")
    assert (picture.rgb == 255).all(), "the hidden black took the colour of the white beside it"


def test_the_first_frame_of_an_animation_is_taken_and_said(tmp_path):
    frames = [pillow(noise(channels=1, seed=seed)) for seed in range(3)]
    for kind in ("GIF", "TIFF"):
        picture = read(tmp_path, frames[0], kind, save_all=True, append_images=frames[1:])
        np.testing.assert_array_equal(picture.rgb[..., 0], np.asarray(frames[0]))
        assert picture.notes == ("the first of 3 frames was taken",)


@pytest.mark.parametrize("profile", [cmyk_profile(), None, b"nonsense"], ids=["profile", "plain", "broken"])
@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_cmyk_becomes_srgb_and_its_profile_goes(tmp_path, kind, profile):
    white = Image.new("CMYK", (8, 8))
    picture = read(tmp_path, white, kind, icc_profile=profile)
    assert picture.rgb.min() > 240
    assert picture.metadata.icc_profile is None
    assert "CMYK was converted to sRGB" in picture.notes[0]
    assert ("damaged" in picture.notes[0]) == (profile == b"nonsense")


def test_cmyk_is_converted_by_its_profile(tmp_path):
    cyan = Image.new("CMYK", (8, 8), (255, 0, 0, 0))
    by_profile = read(tmp_path, cyan, "TIFF", icc_profile=cmyk_profile()).rgb[0, 0]
    assert by_profile.tolist() != read(tmp_path, cyan, "TIFF").rgb[0, 0].tolist() == [0, 255, 255]


def test_lab_becomes_srgb(tmp_path):
    picture = read(tmp_path, Image.new("LAB", (8, 8), (255, 128, 128)), "TIFF")
    assert picture.rgb.min() > 250
    assert picture.notes == ("LAB was converted to sRGB",)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF"])
def test_the_profile_of_rgb_is_kept(tmp_path, kind):
    assert read(tmp_path, pillow(smooth()), kind, icc_profile=SRGB).metadata.icc_profile == SRGB


def test_wide_integers_that_fit_are_taken_as_they_are(tmp_path):
    path = tmp_path / "map.pgm"
    path.write_bytes(b"P5 2 1 65535\n" + np.array([1, 65535], ">u2").tobytes())
    picture = read_image(path)
    assert picture.rgb[0, :, 0].tolist() == [1, 65535]
    assert picture.grey


@pytest.mark.parametrize(
    ("values", "expected", "note"),
    [
        ([0.0, 0.5, 1.0], [0, 32768, 65535], ()),
        ([-2.0, 0.0, 2.0], [0, 32768, 65535], ("values from -2 to 2 were stretched to 16 bits",)),
        ([7.0, 7.0, 7.0], [0, 0, 0], ("values from 7 to 7 were stretched to 16 bits",)),
    ],
)
def test_floats_become_16_bits(tmp_path, values, expected, note):
    picture = read(tmp_path, Image.fromarray(np.array([values], np.float32)), "TIFF")
    assert picture.rgb[0, :, 0].tolist() == expected
    assert picture.notes == note


@pytest.mark.parametrize("bits", [10, 12])
@pytest.mark.parametrize("orientation", [1, 6])
def test_an_avif_of_more_than_8_bits_keeps_them_and_its_white_is_white(tmp_path, bits, orientation):
    pixels = smooth(40, 64, dtype=np.uint16)
    path = tmp_path / "deep.avif"
    image = pyvips.Image.new_from_array(pixels, interpretation="rgb16")
    image.set_type(pyvips.GValue.gint_type, "orientation", orientation)
    pyvips.Operation.call("heifsave", image, str(path), compression="av1", lossless=True, bitdepth=bits)
    picture = read_image(path)
    assert picture.rgb.dtype == np.uint16
    assert picture.rgb.max() == 65_535
    turned = np.rot90(pixels, -1) if orientation == 6 else pixels
    assert np.abs(picture.rgb.astype(int) - turned).max() < 2 ** (16 - bits)


def test_one_pixel_is_a_picture(tmp_path):
    assert read(tmp_path, Image.new("RGB", (1, 1))).size == (1, 1)


@pytest.mark.parametrize("suffix", ["png", "tif"])
def test_one_deep_grey_pixel_is_a_picture(tmp_path, suffix):
    path = tmp_path / f"one.{suffix}"
    Image.fromarray(np.full((1, 1), 300, np.uint16)).save(path)
    assert read_image(path).rgb.tolist() == [[[300, 300, 300]]]


@pytest.mark.parametrize("white", [65_535, 4_095, 256])
def test_a_ppm_of_two_bytes_keeps_its_bits(tmp_path, white):
    samples = np.linspace(0, white, 4 * 5 * 3).astype(">u2").reshape(4, 5, 3)
    path = tmp_path / "deep.ppm"
    path.write_bytes(f"P6\n# by a camera\n5 4\n{white}\n".encode() + samples.tobytes())
    rgb = read_image(path).rgb
    assert rgb.dtype == np.uint16
    np.testing.assert_allclose(rgb, samples * (65_535 / white), atol=0.5)


@pytest.mark.parametrize("white", [65_535, 65_534, 4_095, 256])
def test_a_pgm_of_two_bytes_keeps_its_bits(tmp_path, white):
    samples = np.linspace(0, white, 4 * 5).astype(">u2").reshape(4, 5)
    path = tmp_path / "deep.pgm"
    path.write_bytes(f"P5 5 4 {white}\n".encode() + samples.tobytes())
    picture = read_image(path)
    assert picture.grey
    np.testing.assert_allclose(picture.rgb[..., 0], samples * (65_535 / white), atol=0.5)


def test_a_ppm_that_breaks_off_is_damaged(tmp_path):
    path = tmp_path / "cut.ppm"
    path.write_bytes(b"P6\n5 4\n65535\n" + bytes(100))
    with pytest.raises(UnreadableImage):
        read_image(path)
