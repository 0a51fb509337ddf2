"""HEIC and other HEIF: their pixels, which way is up, what they tell, and what is wrong with them."""

import struct
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image, ImageOps

from infdit_cli.errors import UnreadableImage, UnsupportedImage
from infdit_cli.geometry import Size
from infdit_cli.images import PICTURE_SUFFIXES, read_image, read_size
from infdit_cli.images.heif_kind import heif_library, is_heif
from infdit_cli.metadata import Exif
from infdit_cli.metadata.ifd import Tag
from support.heifs import heic
from support.pictures import MAKE, ORIENTATION, SRGB, XMP, XMP_WITH_AN_AREA, encoded, pillow, smooth


@pytest.fixture
def path(tmp_path):
    return tmp_path / "photo.heic"


def read(path, content):
    path.write_bytes(content)
    picture = read_image(path)
    assert read_size(path) == picture.size
    return picture


def apart(picture, pixels):
    return np.abs(picture.rgb.astype(int) - pixels).max()


def block(orientation=1, **tags):
    say = Exif()
    return Exif(main={ORIENTATION: say.short(orientation), **tags}).tobytes()


@pytest.mark.parametrize("tile_size", [0, 64], ids=["one piece", "tiles"])
@pytest.mark.parametrize(("height", "width"), [(80, 96), (150, 131), (1, 1)])
def test_colours_arrive(path, height, width, tile_size):
    pixels = smooth(height, width)
    picture = read(path, heic(pixels, tile_size=tile_size))
    assert picture.rgb.dtype == np.uint8
    assert apart(picture, pixels) <= 1
    assert (picture.alpha, picture.grey, picture.notes) == (None, False, ())


def test_grey_stays_grey(path):
    pixels = smooth(channels=1)
    picture = read(path, heic(pixels))
    assert picture.grey
    np.testing.assert_array_equal(picture.rgb, np.broadcast_to(pixels, picture.rgb.shape))


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_opacity_is_kept(path, dtype):
    pixels = smooth(channels=4, dtype=dtype)
    pixels[..., 3] |= 1 << (8 * pixels.itemsize - 1)  # hidden pixels would get new colours
    picture = read(path, heic(pixels))
    step = 1 if dtype == np.uint8 else 2**7
    assert apart(picture, pixels[..., :3]) <= step
    assert np.abs(picture.alpha.astype(int) - pixels[..., 3]).max() <= step
    assert picture.alpha.max() == np.iinfo(dtype).max


def test_grey_with_opacity_stays_grey(path):
    pixels = smooth(channels=2)
    pixels[..., 1] |= 128
    picture = read(path, heic(pixels, mode="LA"))
    assert picture.grey
    np.testing.assert_array_equal(picture.rgb[..., 0], pixels[..., 0])
    np.testing.assert_array_equal(picture.alpha, pixels[..., 1])


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_colours_that_are_multiplied_by_opacity_are_divided_again(path, dtype):
    pixels = np.full((16, 16, 4), np.iinfo(dtype).max // 4, dtype)
    pixels[..., 3] = np.iinfo(dtype).max // 2
    picture = read(path, heic(pixels, mode="RGBa"))
    assert apart(picture, pixels[..., 3:]) <= 4 * np.iinfo(dtype).max / 255


@pytest.mark.parametrize("bits", [10, 12])
@pytest.mark.parametrize("channels", [1, 3])
def test_more_than_8_bits_are_kept_and_white_is_white(path, channels, bits, monkeypatch):
    monkeypatch.setattr("pillow_heif.options.SAVE_HDR_TO_12_BIT", bits == 12)
    pixels = smooth(40, 64, channels=channels, dtype=np.uint16)
    picture = read(path, heic(pixels))
    assert picture.rgb.dtype == np.uint16
    assert picture.rgb.max() == 65_535
    assert apart(picture, pixels) < 2 ** (17 - bits)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_turned_once(path, orientation, dtype):
    pixels = smooth(dtype=dtype)
    picture = read(path, heic(pixels, exif=block(orientation)))
    source = pillow(smooth())
    source.getexif()[ORIENTATION] = orientation
    expected = np.asarray(ImageOps.exif_transpose(source)).astype(int)
    levels = picture.rgb.astype(int) * 255 / np.iinfo(dtype).max
    assert np.abs(levels - expected).max() < 1.5


def test_what_turns_with_the_picture_does(path):
    picture = read(path, heic(smooth(), exif=block(6), xmp=XMP_WITH_AN_AREA))
    assert b'stArea:x="0.75" stArea:y="0.1"' in picture.metadata.xmp


def test_an_orientation_that_only_the_exif_tells_is_none(path):
    content = heic(smooth(), exif=block())
    told, turned = block(), block(6)
    assert content.count(told) == 1
    assert read(path, content.replace(told, turned)).size == Size(48, 64)


def test_exif_xmp_and_profile_are_found(path):
    exif = Exif(main={MAKE: Tag(2, b"Apple\0")}).tobytes()
    picture = read(path, heic(smooth(), exif=exif, xmp=XMP, icc_profile=SRGB))
    assert Exif.parse(picture.metadata.exif).main[MAKE].data == b"Apple\0"
    assert (picture.metadata.xmp, picture.metadata.icc_profile) == (XMP, SRGB)
    assert picture.notes == ()


def test_damaged_exif_costs_the_exif_and_not_the_picture(path):
    picture = read(path, heic(smooth(), exif=b"Exif\0\0nonsense"))
    assert picture.metadata.exif is None
    assert picture.notes == ("the EXIF data could not be read and was dropped",)


@pytest.mark.parametrize(
    ("primaries", "transfer", "said"), [(1, 13, ""), (12, 13, "Display P3"), (9, 16, "BT.2020 with PQ")]
)
def test_colours_that_are_only_declared_are_told_of(path, primaries, transfer, said):
    content = bytearray(heic(smooth()))
    at = content.index(b"colrnclx") + 8
    content[at : at + 4] = struct.pack(">HH", primaries, transfer)
    notes = (f"its colours are declared as {said}, which is not carried over",) if said else ()
    assert read(path, content).notes == notes


@pytest.mark.parametrize("main", [0, 2])
def test_of_several_pictures_the_main_one_is_taken_and_said(path, main):
    pixels = np.stack([np.full((48, 64, 3), level, np.uint8) for level in (10, 100, 200)])
    picture = read(path, heic(pixels, primary_index=main))
    assert apart(picture, pixels[main]) <= 1
    assert picture.notes == ("the main one of 3 frames was taken",)


@pytest.mark.parametrize("tile_size", [0, 64], ids=["one piece", "tiles"])
def test_a_file_cut_short_is_an_error_and_never_half_a_picture(path, tile_size):
    content = heic(smooth(150, 200), tile_size=tile_size, exif=block())
    for num_bytes in (*range(12, len(content), len(content) // 40), len(content) - 1):
        path.write_bytes(content[:num_bytes])
        with pytest.raises(UnreadableImage, match="is damaged or incomplete: ") as caught:
            read_image(path)
        assert "\n" not in caught.value.message
    assert caught.value.message.endswith(f"it has {num_bytes:,} bytes and needs {len(content):,}")


def test_a_main_picture_that_is_missing_is_not_replaced_by_another(path):
    content = heic(np.stack([smooth(), smooth()]))
    at = content.index(b"pitm") + 8
    path.write_bytes(content[:at] + b"\0\x63" + content[at + 2 :])
    with pytest.raises(UnreadableImage, match="is damaged or incomplete"):
        read_image(path)


def test_kinds_that_are_no_text_are_damage(path):
    """They would end the process: pi_heif 1.4 makes a string of them, and goes on without one."""
    path.write_bytes(heic(smooth(), xmp=XMP).replace(b"application", b"appl\xff\xff\xffation"))
    with pytest.raises(UnreadableImage, match="what it consists of is no text"):
        read_image(path)


def test_a_crop_that_leads_out_of_the_picture_is_damage(path):
    content = bytearray(heic(smooth()))
    at = content.index(b"clap") + 4
    content[at : at + 4] = struct.pack(">I", 3_000)
    path.write_bytes(content)
    with pytest.raises(UnreadableImage, match="has another size or depth than the file tells"):
        read_image(path)


def test_a_depth_that_is_not_the_pictures_is_damage(path):
    """It would be written behind the end of the pixels: pi_heif 1.4 takes 8 bits for the 10 that are told."""
    content = bytearray(heic(smooth(400, 500, channels=1)))
    content[content.index(b"hvcC") + 21] |= 2
    path.write_bytes(content)
    with pytest.raises(UnreadableImage, match="another size or depth"):
        read_image(path)


def test_a_size_that_is_not_the_pictures_is_damage(path):
    content = bytearray(heic(smooth()))
    at = content.index(b"ispe") + 8
    content[at : at + 8] = struct.pack(">II", 640, 480)
    path.write_bytes(content)
    with pytest.raises(UnreadableImage, match="is damaged or incomplete"):
        read_image(path)


def test_a_picture_over_the_limit_is_refused_before_it_is_decoded(path):
    content = bytearray(heic(smooth(80, 96)))
    at = content.index(b"ispe") + 8
    content[at : at + 8] = struct.pack(">II", 30_000, 40_000)
    path.write_bytes(content)
    with pytest.raises(UnsupportedImage, match="30,000 x 40,000 pixels are over the limit of 1,000,000,000"):
        read_image(path)


@pytest.mark.parametrize("name", ["photo.heic", "photo.HIF"])
def test_what_is_only_called_heic_is_no_picture(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(b"dear diary")
    with pytest.raises(UnreadableImage, match="is not a picture of a known format") as caught:
        read_image(path)
    assert "HEIC" in caught.value.hint


def test_a_heic_of_another_name_is_read(tmp_path):
    read(tmp_path / "photo.jpg", heic(smooth()))


@pytest.mark.parametrize(
    ("brands", "expected"),
    [
        (b"heic\0\0\0\0mif1heic", True),
        (b"mif1\0\0\0\0heic", True),
        (b"mif1\0\0\0\0mif1", True),
        (b"MiHE\0\0\0\0heix", True),
        (b"avif\0\0\0\0mif1", False),
        (b"mif1\0\0\0\0avif", False),
        (b"crx \0\0\0\1crx isom", False),
    ],
)
def test_the_brands_tell_what_it_is(path, brands, expected):
    path.write_bytes(struct.pack(">I", 8 + len(brands)) + b"ftyp" + brands)
    assert is_heif(path) == expected


def test_an_avif_stays_an_avif(path):
    content = encoded(pillow(smooth()), "AVIF")
    path.write_bytes(content)
    assert not is_heif(path)
    assert read_image(path).size == Size(48, 64)


def test_memory_that_runs_out_in_the_decoder_is_told(path, monkeypatch):
    path.write_bytes(heic(smooth()))

    def run_out(_):
        raise RuntimeError("Memory allocation error: Unspecified: Allocating 199756815 bytes failed")

    monkeypatch.setattr("pi_heif.HeifImage.data", property(run_out))
    with pytest.raises(UnsupportedImage, match="too little memory left to read it"):
        read_image(path)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_too_little_memory_under_ulimit_ends_no_process(path):
    path.write_bytes(heic(smooth(1000, 1000)))
    script = """
import resource, sys
from pathlib import Path
from infdit_cli.images import read_image
from infdit_cli.images.heif_kind import heif_library
heif_library()
[line] = [each for each in Path("/proc/self/status").read_text().splitlines() if each.startswith("VmSize")]
limit = int(line.split()[1]) * 1024 + int(sys.argv[2]) * 2**20
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
try:
    read_image(Path(sys.argv[1]))
except Exception as err:
    print(err)
"""
    for room_mib in (4, 8, 16, 32):
        command = [sys.executable, "-c", script, path, str(room_mib)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")
        assert "too little memory left to read it" in done.stdout


def test_pillows_own_formats_stay_as_they_are(path):
    read(path, heic(smooth()))
    assert "HEIF" not in Image.OPEN


@pytest.fixture
def without_library(monkeypatch):
    def missing(name):
        raise ImportError(name)

    monkeypatch.setattr("infdit_cli.images.heif_kind.import_module", missing)
    heif_library.cache_clear()
    yield
    heif_library.cache_clear()


@pytest.mark.parametrize("name", ["photo.heic", "photo"])
def test_without_the_library_it_is_told_what_to_install(tmp_path, name, without_library):
    path = tmp_path / name
    path.write_bytes(heic(smooth()))
    for reads in (read_image, read_size):
        with pytest.raises(UnreadableImage, match="is not a picture of a known format") as caught:
            reads(path)
        assert "pip install pi-heif" in caught.value.hint


def test_folders_give_what_phones_and_cameras_call_them():
    assert {".heic", ".heif", ".hif"} <= PICTURE_SUFFIXES
