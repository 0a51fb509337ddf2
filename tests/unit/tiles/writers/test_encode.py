import os
import shutil
import signal
import subprocess
import sys
import threading
from collections import namedtuple
from pathlib import Path

import numpy as np
import pytest
import pyvips
from PIL import Image

from infdit_cli.config import OutputOptions
from infdit_cli.errors import DiskFull, OutputError
from infdit_cli.geometry import Rect, Size
from infdit_cli.images import read_image
from infdit_cli.metadata import Metadata
from infdit_cli.tiles import PixelFormat, encode, output_format
from support.faults import file_size_limit
from support.pictures import LINEAR_GREY, noise, smooth
from support.spools import spool_in

X_RESOLUTION, RESOLUTION_UNIT = 0x011A, 0x0128


NOTHING = Metadata()


def write(path, pixels, *, metadata=NOTHING, **options):
    size = Size(*pixels.shape[:2])
    with spool_in(path.parent, size, PixelFormat(pixels.shape[2], pixels.dtype)) as spool:
        spool.write(Rect(0, 0, *size), pixels)
        encode(spool, path, metadata=metadata, options=OutputOptions(**options))
    return path


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_jpeg_lays_transparency_on_white_and_rounds_to_8_bits(tmp_path, dtype):
    pixels = np.zeros((16, 16, 4), dtype)
    pixels[:, 8:, 3] = np.iinfo(dtype).max
    with Image.open(write(tmp_path / "out.jpg", pixels)) as picture:
        assert picture.mode == "RGB"
        assert picture.getpixel((0, 0)) == (255, 255, 255)
        assert picture.getpixel((15, 0)) == (0, 0, 0)


def test_16_bits_are_rounded_and_not_cut(tmp_path):
    pixels = np.full((8, 8, 1), 128 * 257 - 1, np.uint16)
    with Image.open(write(tmp_path / "out.jpg", pixels, quality=100)) as picture:
        assert picture.mode == "L"
        assert picture.getpixel((4, 4)) == 128


def test_jpeg_keeps_colour_at_full_resolution_by_default_and_may_be_told_otherwise(tmp_path):
    usual = pyvips.Image.jpegload(str(write(tmp_path / "usual.jpg", noise())))
    small = pyvips.Image.jpegload(str(write(tmp_path / "small.jpg", noise(), quality=50)))
    assert usual.get("jpeg-chroma-subsample") == "4:4:4"
    assert small.get("jpeg-chroma-subsample") == "4:2:0"
    assert (tmp_path / "small.jpg").stat().st_size < (tmp_path / "usual.jpg").stat().st_size / 2


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("a.jpg", {}),
        ("a.jpg", {"quality": 100}),
        ("a.webp", {"quality": 100}),
        ("a.webp", {"lossless": True}),
        ("a.avif", {"quality": 100}),
        ("a.avif", {"lossless": True}),
        ("a.dzi", {"quality": 100}),
    ],
)
def test_not_even_noise_takes_more_of_the_disk_than_estimated(tmp_path, name, options, channels):
    pixels, path = noise(300, 254, channels=channels), tmp_path / name
    write(path, pixels, **options)
    taken = sum(each.stat().st_size for each in tmp_path.rglob("*") if each.is_file())
    wanted = OutputOptions(**options)
    pixel_format = PixelFormat(channels, pixels.dtype)
    assert taken <= output_format(path).disk_bytes(Size(300, 254), pixel_format, wanted)


def test_tiff_is_tiled_and_compressed(tmp_path):
    with Image.open(write(tmp_path / "out.tif", smooth(300, 300))) as picture:
        assert picture.tag_v2[322] == 256
        assert picture.info["compression"] == "tiff_adobe_deflate"


@pytest.mark.parametrize("suffix", [".png", ".tif"])
@pytest.mark.parametrize(("dpi", "expected"), [((1200, 600), (1200, 600)), (None, (72, 72))], ids=str)
def test_the_resolution_is_the_files(tmp_path, suffix, dpi, expected):
    path = write(tmp_path / f"out{suffix}", smooth(), metadata=Metadata(dpi=dpi))
    with Image.open(path) as picture:
        assert picture.info["dpi"] == pytest.approx(expected, abs=0.6)


def test_a_tiff_gives_its_resolution_in_inches(tmp_path):
    with Image.open(write(tmp_path / "out.tif", smooth(), metadata=Metadata(dpi=(1200, 1200)))) as picture:
        assert picture.tag_v2[RESOLUTION_UNIT] == 2
        assert picture.tag_v2[X_RESOLUTION] == 1200


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp", ".tif", ".avif"])
def test_exif_that_is_not_there_is_not_made_up(tmp_path, suffix):
    with Image.open(write(tmp_path / f"out{suffix}", smooth())) as picture:
        assert "exif" not in picture.info


def test_exif_that_is_nonsense_does_not_cost_the_picture(tmp_path):
    for suffix in (".png", ".jpg", ".webp"):
        path = write(tmp_path / f"out{suffix}", smooth(), metadata=Metadata(exif=b"nonsense"))
        assert path.stat().st_size


def test_a_block_that_no_segment_of_jpeg_holds_is_left_out(tmp_path):
    metadata = Metadata(xmp=b"?" * 70_000)  # no XMP, so that it cannot be divided
    for suffix, kept in ((".jpg", False), (".png", True)):
        with Image.open(write(tmp_path / f"out{suffix}", smooth(), metadata=metadata)) as picture:
            picture.load()
            assert ("xmp" in picture.info or "XML:com.adobe.xmp" in picture.info) == kept


@pytest.mark.parametrize("suffix", [".png", ".tif", ".avif"])
def test_a_16_bit_gradient_keeps_its_levels(tmp_path, suffix):
    ramp = np.rint(np.linspace(0, 65_535, 4096)).astype(np.uint16)
    pixels = np.broadcast_to(ramp[None, :, None], (16, 4096, 3))
    levels = read_image(write(tmp_path / f"out{suffix}", pixels, lossless=True)).rgb[8, :, 0].astype(int)
    assert len(np.unique(levels)) == 4096
    assert (np.diff(levels) > 0).all()
    assert np.abs(levels - ramp).max() <= (8 if suffix == ".avif" else 0)  # half a step of 12 bits


def test_a_lossy_avif_of_16_bits_has_more_levels_than_8_bits(tmp_path):
    ramp = np.rint(np.linspace(0, 65_535, 4096)).astype(np.uint16)
    pixels = np.broadcast_to(ramp[None, :, None], (64, 4096, 3))
    assert len(np.unique(read_image(write(tmp_path / "out.avif", pixels)).rgb[32, :, 0])) > 1500


@pytest.mark.parametrize("suffix", [".webp", ".avif"])
@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_grey_becomes_srgb_with_the_tones_of_its_profile(tmp_path, suffix, channels, dtype):
    most = np.iinfo(dtype).max
    pixels = np.full((16, 16, channels), most // 4, dtype)
    metadata = Metadata(icc_profile=LINEAR_GREY)
    found = read_image(write(tmp_path / f"out{suffix}", pixels, metadata=metadata, lossless=True))
    assert found.metadata.icc_profile is None
    white = np.iinfo(found.rgb.dtype).max
    assert found.rgb[8, 8] / white == pytest.approx(137 / 255, abs=0.01)
    if channels == 2:
        assert found.alpha[8, 8] / white == pytest.approx(0.25, abs=0.01)


@pytest.mark.parametrize("profile", [None, LINEAR_GREY.replace(b"curv", b"junk")], ids=["none", "damaged"])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_grey_without_a_usable_profile_keeps_its_numbers(tmp_path, profile, dtype):
    pixels = np.full((16, 16, 1), np.iinfo(dtype).max // 4, dtype)
    for suffix in (".webp", ".avif"):
        path = write(tmp_path / f"out{suffix}", pixels, metadata=Metadata(icc_profile=profile), lossless=True)
        found = read_image(path)
        assert found.metadata.icc_profile is None
        assert found.rgb[8, 8] / np.iinfo(found.rgb.dtype).max == pytest.approx(0.25, abs=0.01)


def test_brackets_in_a_name_are_part_of_the_name(tmp_path):
    path = write(tmp_path / "photo[page=1,Q=3].png", smooth())
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_the_removed_spool_is_let_go_of(tmp_path):
    write(tmp_path / "out.png", smooth())
    still_open = [link.readlink() for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    assert not [path for path in still_open if ".spool" in path.name]


def test_a_file_system_that_refuses_the_size_leaves_the_old_output(tmp_path):
    path = tmp_path / "out.png"
    path.write_text("old")
    pixels = noise(300, 300)
    with spool_in(tmp_path, Size(300, 300), PixelFormat(3, pixels.dtype)) as spool:
        spool.write(Rect(0, 0, 300, 300), pixels)
        with file_size_limit(50_000), pytest.raises(OutputError, match=r"out\.png: could not be written"):
            encode(spool, path, metadata=Metadata(), options=OutputOptions(), overwrite=True)
    assert path.read_text() == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["out.png"]


@pytest.mark.parametrize("name", ["out.png", "out.tif", "out.jpg", "out.dzi"])
def test_memory_does_not_grow_with_the_picture(tmp_path, name):
    """The peak is measured in a fresh process: in this one others have been higher."""
    script = """
import resource, sys
from pathlib import Path
import numpy as np
from infdit_cli.config import OutputOptions
from infdit_cli.metadata import Metadata
from infdit_cli.geometry import Size
from infdit_cli.images import read_image
from infdit_cli.metadata import Metadata
from infdit_cli.tiles import PixelFormat, Spool, encode
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
with Spool(Path(sys.argv[1]) / "picture.raw", Size(5000, 5000), PixelFormat(3, np.dtype("uint8"))) as spool:
    before = peak()
    options = OutputOptions(pyramid=sys.argv[2] == "out.tif")
    encode(spool, Path(sys.argv[1], sys.argv[2]), metadata=Metadata(), options=options)
    print((peak() - before) * 1024 / spool.nbytes)
"""
    done = subprocess.run(
        [sys.executable, "-c", script, tmp_path, name], check=True, capture_output=True, text=True
    )
    assert float(done.stdout) < 0.5, "of the raw picture's bytes"


def test_ctrl_c_stops_the_encoding_and_leaves_nothing(tmp_path):
    pixels = noise(3000, 3000)
    timer = threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT))
    with spool_in(tmp_path, Size(3000, 3000), PixelFormat(3, pixels.dtype)) as spool:
        spool.write(Rect(0, 0, 3000, 3000), pixels)
        timer.start()
        with pytest.raises(KeyboardInterrupt):
            encode(spool, tmp_path / "out.png", metadata=Metadata(), options=OutputOptions())
    assert not list(tmp_path.iterdir())


def test_a_disk_that_is_full_is_named_as_the_reason(tmp_path, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**9, 10**9, 0))
    with file_size_limit(50_000), pytest.raises(DiskFull, match="the disk became full while encoding"):
        write_noise_under_limit(tmp_path)


def test_the_disk_that_a_link_leads_to_is_the_one_that_is_full(tmp_path, monkeypatch):
    usage, full = namedtuple("usage", "total used free"), tmp_path / "full"
    full.mkdir()
    (tmp_path / "out.png").symlink_to(full / "out.png")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10**9, 0, 0 if path == full else 10**9))
    with file_size_limit(50_000), pytest.raises(DiskFull, match="the disk became full while encoding"):
        write_noise_under_limit(tmp_path)


def write_noise_under_limit(folder):
    """Fit the raw picture under a limit that its PNG, which compresses no noise, does not fit under."""
    return write(folder / "out.png", noise(128, 130))


def test_encoding_that_is_given_up_ends_and_leaves_nothing(tmp_path):
    given_up = threading.Event()
    given_up.set()
    size, pixels = Size(2048, 512), noise(2048, 512)
    with spool_in(tmp_path, size, PixelFormat(3, pixels.dtype)) as spool:
        spool.write(Rect(0, 0, *size), pixels)
        with pytest.raises(OutputError, match=r"out\.png: could not be written"):
            encode(
                spool,
                tmp_path / "out.png",
                metadata=Metadata(),
                options=OutputOptions(),
                given_up=given_up,
            )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are Unicode")
@pytest.mark.parametrize("name", ["out.png", "out.tif", "out.dzi"])
def test_names_that_are_no_unicode_are_written_and_read(tmp_path, name):
    folder = tmp_path / os.fsdecode(b"dir\xff")
    folder.mkdir()
    path = write(folder / name, np.full((300, 20, 3), 40_000, np.uint16), pyramid=name == "out.tif")
    assert path.is_file()
    if path.suffix != ".dzi":
        assert read_image(path).rgb.dtype == np.uint16
