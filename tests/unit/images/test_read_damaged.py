"""Files that are no picture, or no longer one."""

import errno
import os
import struct
import threading
import warnings
from pathlib import Path

import numpy as np
import pytest
import pyvips
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, TiffImagePlugin, TiffTags

from infdit_cli.errors import InputImageError, UnreadableImage, UnsupportedImage
from infdit_cli.geometry import Size
from infdit_cli.images import SourceImage, read_image
from infdit_cli.images.colour import colours_of
from infdit_cli.images.guard import pillow_limits
from infdit_cli.metadata.marks import ICC_TAG
from support.heifs import heic
from support.pictures import MAKE, SRGB, XMP, encoded, noise, pillow, save_deep
from support.tiffs import tiff

KINDS = {
    "PNG": {"icc_profile": SRGB},
    "JPEG": {},
    "WEBP": {"lossless": True},
    "TIFF": {"compression": "tiff_deflate"},
    "BMP": {},
    "GIF": {},
    "PPM": {},
    "AVIF": {},
    "JPEG2000": {},
    "ICO": {},
    "TGA": {},
    "DDS": {},
    "QOI": {},
    "PCX": {},
    "SGI": {},
}
FUZZ_PIXELS = 1_000_000  # a flipped bit in a size must not cost the test run gigabytes


def failing(error):
    def fail(*_, **__):
        raise error("a bug")

    return fail


def refusal(path):
    with pytest.raises(InputImageError) as caught:
        read_image(path)
    return caught.value


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Bytes of a valid file of every kind."""
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = pillow(noise(24, 32))
    tagged = {"PNG", "JPEG", "WEBP", "TIFF", "AVIF"}
    files = {
        kind: encoded(picture, kind, **options, **({"exif": exif} if kind in tagged else {}))
        for kind, options in KINDS.items()
    }
    for suffix in ("png", "tif"):
        path = tmp_path_factory.mktemp("deep") / f"deep.{suffix}"
        save_deep(path, noise(24, 32, channels=4, dtype=np.uint16))
        files[f"deep {suffix}"] = path.read_bytes()
    files["HEIC"] = heic(noise(24, 32), exif=exif.tobytes())
    files["HEIC in tiles"] = heic(noise(80, 96), tile_size=64, quality=50)
    return files


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("damaged") / "picture"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("missing.png", None, "no such file"),
        ("empty.png", b"", "is empty (0 bytes)"),
        ("text.png", b"dear diary\n" * 20, "is not a picture of a known format"),
        ("cut.png", encoded(pillow(noise()), "PNG")[:-2000], "is damaged or incomplete"),
        ("text.tif", b"II*\x00 but no directory", "is damaged or incomplete"),
    ],
)
def test_the_message_names_the_file_and_what_is_wrong(tmp_path, name, content, said):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(UnreadableImage) as error:
        read_image(tmp_path / name)
    assert str(tmp_path / name) in error.value.message
    assert said in error.value.message
    assert "\n" not in error.value.message


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("*.png", '--pattern "*.png" -o DIR'),
        ("a?", '--pattern "a?" -o DIR'),
        ("photos", "check the spelling"),
    ],
)
def test_a_missing_name_says_what_may_have_been_meant(tmp_path, name, hint):
    with pytest.raises(UnreadableImage, match="no such file") as error:
        read_image(tmp_path / name)
    assert hint in error.value.hint
    assert not error.value.may_pass  # the same command again would not do what the hint says


def test_what_may_be_a_folder_is_told_with_the_folder_that_it_was_looked_for_in(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UnreadableImage, match=r"^photos: no such file or folder$") as error:
        read_image(Path("photos"))
    assert error.value.hint == f"check the spelling; the current folder is {tmp_path}"


def test_a_current_folder_that_is_gone_is_told(tmp_path, monkeypatch):
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    with pytest.raises(UnreadableImage, match="no such file or folder") as error:
        read_image(Path("photos"))
    assert error.value.hint == "the current folder is gone"


def test_an_ordinary_name_that_is_missing_has_no_hint(tmp_path):
    with pytest.raises(UnreadableImage, match="no such file") as error:
        read_image(tmp_path / "a.png")
    assert error.value.hint is None
    assert error.value.may_pass


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.jxl", b"?", "JPEG XL"),
        ("a", b"\xff\x0a\xfa\x7f", "JPEG XL"),
        ("a", b"\0\0\0\x0cJXL \r\n\x87\n", "JPEG XL"),
        ("a.RAF", b"FUJIFILMCCD-RAW 0201", "a camera's raw format"),
    ],
)
def test_a_kind_that_is_not_read_is_named(tmp_path, name, content, kind):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UnreadableImage, match="is not a picture of a known format") as error:
        read_image(tmp_path / name)
    assert error.value.hint == f"{kind} is not read; export it as JPEG or TIFF first"


def test_only_what_the_system_says_against_a_picture_may_pass(tmp_path, monkeypatch):
    path = tmp_path / "a.png"
    assert refusal(path).may_pass
    for content in (b"", b"no picture", encoded(pillow(noise()), "PNG")[:-2000]):
        path.write_bytes(content)
        assert not refusal(path).may_pass
    for error in (PermissionError(errno.EACCES, "no"), OSError(errno.EIO, "Input/output error")):
        monkeypatch.setattr(Image, "open", failing(lambda _, error=error: error))
        assert refusal(path).may_pass
    monkeypatch.setattr(Image, "open", failing(MemoryError))
    assert refusal(path).may_pass


def test_a_folder_is_not_a_picture(tmp_path):
    with pytest.raises(UnreadableImage, match="is a folder"):
        read_image(tmp_path)


def test_a_device_is_not_waited_for(tmp_path):
    fifo = tmp_path / "pipe.png"
    os.mkfifo(fifo)
    with pytest.raises(UnreadableImage, match="is a device or pipe"):
        read_image(fifo)


def test_a_file_below_a_file_is_missing(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(UnreadableImage, match="cannot be opened: Not a directory"):
        read_image(tmp_path / "file" / "picture.png")


def test_postscript_is_never_run(tmp_path):
    path = tmp_path / "program.png"
    path.write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\nshowpage\n")
    with pytest.raises(UnsupportedImage, match="PostScript"):
        read_image(path)


@pytest.mark.parametrize("size", [(40, 30), (400, 300)])
def test_a_picture_over_the_limit_is_refused_before_it_is_decoded(tmp_path, size):
    path = tmp_path / "bomb.png"
    Image.new("1", size).save(path)
    with pytest.raises(UnsupportedImage, match=r"pixels (are over|than) the limit of 1,199$"):
        read_image(path, max_pixels=40 * 30 - 1)
    if size == (40, 30):
        assert read_image(path, max_pixels=40 * 30).size == (30, 40)


def test_a_large_picture_within_a_small_one_is_refused_in_our_words(tmp_path):
    inner = encoded(Image.new("1", (400, 300)), "PNG")
    path = tmp_path / "bomb.ico"
    entry = struct.pack("<4B2H2I", 16, 16, 0, 0, 1, 32, len(inner), 22)
    path.write_bytes(struct.pack("<3H", 0, 1, 1) + entry + inner)
    with pytest.raises(UnsupportedImage, match=f"^{path}: has more pixels than the limit of 1,000$"):
        read_image(path, max_pixels=1000)


def test_a_file_that_ends_too_early_is_told_without_the_state_of_a_buffer(tmp_path):
    path = tmp_path / "cut.jpg"
    path.write_bytes(encoded(pillow(noise()), "JPEG")[:-200])
    with pytest.raises(UnreadableImage, match=r"is damaged or incomplete: image file is truncated$"):
        read_image(path)


def test_a_rare_tiff_obeys_the_limit_too(tmp_path):
    path = tmp_path / "rare.tif"
    save_deep(path, noise(channels=2, dtype=np.uint16))
    with pytest.raises(UnsupportedImage, match="64 x 48 pixels are over the limit of 100"):
        read_image(path, max_pixels=100)


def test_a_tiff_of_floats_in_three_channels_is_not_supported(tmp_path):
    path = tmp_path / "hdr.tif"
    pyvips.Image.new_from_array(np.ones((4, 4, 3), np.float32)).tiffsave(str(path))
    with pytest.raises(UnsupportedImage, match="3 channels of float") as error:
        read_image(path)
    assert error.value.hint == "save it with 8 or 16 bits a channel"


@pytest.mark.parametrize(
    "ours",
    [
        "read.bleed_colours",
        "read.upright",
        "read.declared_notes",
        "read.metadata_of",
        "read.read_deep",
        "opening.damaged_metadata",
        "metadata.Exif.parse",
        "metadata.orientation_in",
    ],
)
@pytest.mark.parametrize("bug", [TypeError, AttributeError, KeyError, AssertionError, RuntimeError])
def test_a_bug_of_ours_is_not_told_as_damage(tmp_path, monkeypatch, ours, bug):
    exif = Image.Exif()
    exif[MAKE] = "Maker"
    path = tmp_path / "sound.webp"
    path.write_bytes(encoded(pillow(noise(channels=4)), "WEBP", exif=exif, xmp=XMP))
    read_image(path)
    monkeypatch.setattr(f"infdit_cli.images.{ours}", failing(bug))
    with pytest.raises(bug, match="a bug"):
        read_image(path)


def test_memory_that_runs_out_over_the_alpha_is_told(tmp_path, monkeypatch):
    path = tmp_path / "large.png"
    path.write_bytes(encoded(pillow(noise(channels=4)), "PNG"))
    monkeypatch.setattr("infdit_cli.images.read.bleed_colours", failing(MemoryError))
    with pytest.raises(UnsupportedImage, match="too little memory left to read it"):
        read_image(path)


@pytest.mark.parametrize("mode", ["RGB", "CMYK"])
@pytest.mark.parametrize(("kind", "value"), [(TiffTags.ASCII, "text"), (TiffTags.SHORT, 7)])
def test_a_profile_that_a_tiff_keeps_as_text_or_numbers_is_a_damaged_one(tmp_path, mode, kind, value):
    path = tmp_path / "in.tif"
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags.tagtype[ICC_TAG], tags[ICC_TAG] = kind, value
    pillow(noise()).convert(mode).save(path, tiffinfo=tags)
    picture = read_image(path)
    assert picture.metadata.icc_profile is None
    assert "colour profile" in picture.notes[0]
    assert "damaged" in picture.notes[0]


AFTER_THE_FIRST = ("the first frame was taken; what follows it in the file is damaged",)


def test_a_gif_that_breaks_off_in_a_later_frame_has_a_first_one(tmp_path):
    frames = [pillow(noise(12, 16, seed=seed)) for seed in range(3)]
    content = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    path = tmp_path / "cut.gif"
    path.write_bytes(content)
    whole = read_image(path)
    notes = set()
    for num_bytes in range(len(content) * 4 // 10, len(content)):
        path.write_bytes(content[:num_bytes])
        picture = read_image(path)
        np.testing.assert_array_equal(picture.rgb, whole.rgb)
        notes.add(picture.notes)
    assert AFTER_THE_FIRST in notes


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("following", [0x40, 0x7FFFFFFF])
def test_a_tiff_that_says_another_follows_where_none_is_has_a_first_one(tmp_path, dtype, following):
    pixels = noise(dtype=dtype)
    path = tmp_path / "junk.tif"
    path.write_bytes(tiff(pixels, following=following))
    picture = read_image(path)
    np.testing.assert_array_equal(picture.rgb, pixels)
    assert picture.notes == AFTER_THE_FIRST


def test_pillows_own_limit_and_the_warning_filters_are_as_before(whole, path):
    before = Image.MAX_IMAGE_PIXELS, list(warnings.filters)
    path.write_bytes(whole["PNG"])
    threads = [threading.Thread(target=read_image, args=(path,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with pytest.raises(UnreadableImage):
        read_image(path.parent)
    assert (Image.MAX_IMAGE_PIXELS, list(warnings.filters)) == before


def test_pictures_are_decoded_at_the_same_time_and_each_has_its_own_limit(whole, path, monkeypatch):
    before = Image.MAX_IMAGE_PIXELS, list(warnings.filters)
    path.write_bytes(whole["PNG"])
    both, outcomes = threading.Barrier(2, timeout=20), []

    def together(image):
        both.wait()
        return colours_of(image)

    def read(max_pixels):
        outcomes.append(read_image(path, max_pixels=max_pixels).size)

    monkeypatch.setattr("infdit_cli.images.read.colours_of", together)
    threads = [threading.Thread(target=read, args=(limit,)) for limit in (24 * 32, FUZZ_PIXELS)]
    for thread in threads:
        thread.start()
    with pillow_limits(FUZZ_PIXELS), pytest.raises(UnsupportedImage, match="over the limit of 100"):
        read_image(path, max_pixels=100)
    for thread in threads:
        thread.join()
    assert outcomes == [Size(32, 24)] * 2
    assert (Image.MAX_IMAGE_PIXELS, list(warnings.filters)) == before


def test_a_filter_that_another_thread_has_taken_out_is_not_missed():
    before = list(warnings.filters)
    with warnings.catch_warnings():
        limits = pillow_limits(FUZZ_PIXELS)
        limits.__enter__()
    limits.__exit__(None, None, None)
    assert list(warnings.filters) == before


@pytest.mark.parametrize("kind", [*KINDS, "deep png", "deep tif", "HEIC", "HEIC in tiles"])
def test_a_file_cut_short_is_an_error_and_never_half_a_picture(whole, path, kind):
    path.write_bytes(whole[kind])
    expected = read_image(path).rgb
    for share in range(1, 20):
        path.write_bytes(whole[kind][: len(whole[kind]) * share // 20])
        try:
            picture = read_image(path)
        except UnreadableImage:
            continue
        np.testing.assert_array_equal(picture.rgb, expected)


@settings(max_examples=500)
@given(data=st.data())
def test_damaged_bytes_give_a_picture_or_an_input_error_and_nothing_else(whole, path, data):
    kind = data.draw(st.sampled_from(sorted(whole)))
    content = bytearray(whole[kind])
    # Headers decide more than pixels do, so half of the damage is done near the start.
    near, anywhere = st.integers(0, min(200, len(content) - 1)), st.integers(0, len(content) - 1)
    for place in data.draw(st.lists(st.one_of(near, anywhere), min_size=1, max_size=6)):
        content[place] = data.draw(st.integers(0, 255))
    path.write_bytes(content[: data.draw(st.one_of(st.just(len(content)), anywhere))])
    try:
        picture = read_image(path, max_pixels=FUZZ_PIXELS)
    except InputImageError:
        return
    assert isinstance(picture, SourceImage)
