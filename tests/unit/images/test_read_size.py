"""Sizes from headers alone, upright, for files that nobody wants to decode yet."""

import struct
import zlib
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from infdit_cli.errors import UnreadableImage, UnsupportedImage
from infdit_cli.geometry import Size
from infdit_cli.images import read_image, read_size
from support.pictures import ORIENTATION, noise, save_deep
from support.pngs import chunk, grey_png, raw_profile, with_chunks


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp", ".tif", ".bmp", ".gif"])
def test_the_size_is_that_of_the_picture(tmp_path, suffix):
    path = tmp_path / f"in{suffix}"
    Image.new("RGB", (31, 17)).save(path)
    assert read_size(path) == read_image(path).size == Size(17, 31)


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif", ".webp", ".avif"])
@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_picture_that_lies_on_its_side_is_measured_upright(tmp_path, orientation, suffix):
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    path = tmp_path / f"in{suffix}"
    Image.new("RGB", (31, 17)).save(path, exif=exif)
    assert read_size(path) == read_image(path).size


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("place", ["before", "behind"])
@pytest.mark.parametrize("kind", [b"tEXt", b"zTXt"])
def test_an_orientation_in_the_text_of_a_png_counts_wherever_it_is(tmp_path, kind, place, bits):
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    keyword, text = raw_profile("exif", exif.tobytes()).split(b"\0", 1)
    told = chunk(kind, keyword + b"\0" + (b"\0" + zlib.compress(text) if kind == b"zTXt" else text))
    path = tmp_path / "in.png"
    content = grey_png([bytes(31 * bits // 8)] * 17, width=31, bits=bits)
    path.write_bytes(with_chunks(content, **{place: told}))
    assert read_size(path) == read_image(path).size == Size(31, 17)


@pytest.mark.parametrize("channels", [2, 4])
@pytest.mark.parametrize(("orientation", "size"), [(1, Size(17, 31)), (6, Size(31, 17))])
def test_a_deep_tiff_has_a_size_whether_pillow_can_open_it_or_not(tmp_path, channels, orientation, size):
    path = tmp_path / "in.tif"
    save_deep(path, noise(17, 31, channels=channels, dtype=np.uint16), orientation=orientation)
    assert read_size(path) == read_image(path).size == size


def test_no_pixel_is_decoded(tmp_path):
    path = tmp_path / "in.png"
    Image.fromarray(noise(40, 50)).save(path)
    path.write_bytes(path.read_bytes()[:60])
    assert read_size(path) == Size(40, 50)


def test_a_picture_may_be_larger_than_any_that_is_read(tmp_path, monkeypatch):
    path = tmp_path / "in.png"
    Image.new("L", (300, 200)).save(path)
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    assert read_size(path) == Size(200, 300)


@pytest.mark.parametrize("content", [b"", b"no picture", None], ids=["empty", "text", "missing"])
def test_what_is_no_picture_has_no_size(tmp_path, content):
    path = tmp_path / "in.png"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UnreadableImage, match=r"in\.png: "):
        read_size(path)


def test_an_icon_which_is_decoded_as_it_is_opened_may_not_be_of_any_size(tmp_path):
    inner = BytesIO()
    Image.new("1", (8000, 8000)).save(inner, "PNG")
    entry = struct.pack("<4B2H2I", 16, 16, 0, 0, 1, 32, len(inner.getvalue()), 22)
    path = tmp_path / "bomb.ico"
    path.write_bytes(struct.pack("<3H", 0, 1, 1) + entry + inner.getvalue())
    with pytest.raises(UnsupportedImage, match=r"more pixels than the limit of 16,777,216 for icons$"):
        read_size(path)
