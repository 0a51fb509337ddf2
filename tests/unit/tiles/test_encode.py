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

from infdit_cli.errors import DiskFull, OutputError
from infdit_cli.geometry import Rect, Size
from infdit_cli.tiles import PixelFormat, Spool, encode
from support.faults import file_size_limit
from support.pictures import GREY_PROFILE, MAKE, noise, smooth


def write(path, pixels, *, icc_profile=None, exif=None, quality=None):
    size = Size(*pixels.shape[:2])
    with Spool(path.parent, size, PixelFormat(pixels.shape[2], pixels.dtype)) as spool:
        spool.write(Rect(0, 0, *size), pixels)
        encode(spool, path, icc_profile=icc_profile, exif=exif, quality=quality)
    return path


def exif_block(**resolution):
    exif = Image.Exif()
    exif[MAKE] = "Cameramaker"
    for tag, value in resolution.items():
        exif[{"x": 0x011A, "y": 0x011B, "unit": 0x0128}[tag]] = value
    return exif.tobytes()


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


def test_tiff_is_tiled_and_compressed(tmp_path):
    with Image.open(write(tmp_path / "out.tif", smooth(300, 300))) as picture:
        assert picture.tag_v2[322] == 256
        assert picture.info["compression"] == "tiff_adobe_deflate"


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp"])
def test_exif_is_kept(tmp_path, suffix):
    with Image.open(write(tmp_path / f"out{suffix}", smooth(), exif=exif_block())) as picture:
        assert picture.getexif()[MAKE] == "Cameramaker"


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif"])
@pytest.mark.parametrize(
    ("resolution", "dpi"),
    [
        ({"x": 300.0, "y": 300.0, "unit": 2}, (300, 300)),
        ({"x": 100.0, "y": 100.0, "unit": 3}, (254, 254)),
        ({}, (72, 72)),
    ],
    ids=["inch", "centimetre", "none"],
)
def test_the_resolution_in_the_exif_becomes_the_files(tmp_path, suffix, resolution, dpi):
    path = write(tmp_path / f"out{suffix}", smooth(), exif=exif_block(**resolution))
    with Image.open(path) as picture:
        assert picture.info["dpi"] == pytest.approx(dpi, abs=0.6)


def test_exif_that_is_nonsense_does_not_cost_the_picture(tmp_path):
    for suffix in (".png", ".jpg", ".webp", ".tif"):
        assert write(tmp_path / f"out{suffix}", smooth(), exif=b"Exif\x00\x00nonsense").stat().st_size


def test_webp_which_has_no_grey_gets_no_grey_profile(tmp_path):
    path = write(tmp_path / "out.webp", smooth(channels=1), icc_profile=GREY_PROFILE)
    with Image.open(path) as picture:
        assert "icc_profile" not in picture.info


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
    with Spool(tmp_path, Size(300, 300), PixelFormat(3, pixels.dtype)) as spool:
        spool.write(Rect(0, 0, 300, 300), pixels)
        with file_size_limit(50_000), pytest.raises(OutputError, match=r"out\.png: could not be written"):
            encode(spool, path, icc_profile=None, exif=None)
    assert path.read_text() == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["out.png"]


def test_memory_does_not_grow_with_the_picture(tmp_path):
    """The peak is measured in a fresh process: in this one others have been higher."""
    script = """
import resource, sys
from pathlib import Path
import numpy as np
from infdit_cli.geometry import Size
from infdit_cli.tiles import PixelFormat, Spool, encode
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
with Spool(Path(sys.argv[1]), Size(5000, 5000), PixelFormat(3, np.dtype("uint8"))) as spool:
    before = peak()
    encode(spool, Path(sys.argv[1], "out.png"), icc_profile=None, exif=None)
    print((peak() - before) * 1024 / spool.nbytes)
"""
    done = subprocess.run(
        [sys.executable, "-c", script, tmp_path], check=True, capture_output=True, text=True
    )
    assert float(done.stdout) < 0.5, "of the raw picture's bytes"


def test_ctrl_c_stops_the_encoding_and_leaves_nothing(tmp_path):
    pixels = noise(3000, 3000)
    timer = threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT))
    with Spool(tmp_path, Size(3000, 3000), PixelFormat(3, pixels.dtype)) as spool:
        spool.write(Rect(0, 0, 3000, 3000), pixels)
        timer.start()
        with pytest.raises(KeyboardInterrupt):
            encode(spool, tmp_path / "out.png", icc_profile=None, exif=None)
    assert not list(tmp_path.iterdir())


def test_a_disk_that_is_full_is_named_as_the_reason(tmp_path, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**9, 10**9, 0))
    with file_size_limit(50_000), pytest.raises(DiskFull, match="the disk became full while encoding"):
        write_noise_under_limit(tmp_path)


def write_noise_under_limit(folder):
    """Fit the raw picture under a limit that its PNG, which compresses no noise, does not fit under."""
    return write(folder / "out.png", noise(128, 130))


def test_encoding_that_is_given_up_ends_and_leaves_nothing(tmp_path):
    given_up = threading.Event()
    given_up.set()
    size, pixels = Size(2048, 512), noise(2048, 512)
    with Spool(tmp_path, size, PixelFormat(3, pixels.dtype)) as spool:
        spool.write(Rect(0, 0, *size), pixels)
        with pytest.raises(OutputError, match=r"out\.png: could not be written"):
            encode(spool, tmp_path / "out.png", icc_profile=None, exif=None, given_up=given_up)
    assert list(tmp_path.iterdir()) == []
