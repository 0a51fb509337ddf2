"""Options of the output, through the command line as a user types them."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from support.pictures import XMP, p3_profile, smooth


def upscale(source, *arguments):
    command = [
        sys.executable,
        "-m",
        "infdit_cli",
        "upscale",
        source,
        "--steps",
        "0",
        "--seed",
        "3",
        *arguments,
    ]
    return subprocess.run([*map(str, command)], capture_output=True, text=True, check=False, timeout=250)


@pytest.fixture
def photograph(tmp_path):
    """A Display P3 photograph, 20x12 pixels as stored, turned by its EXIF."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Cameramaker"
    path = tmp_path / "in.jpg"
    Image.fromarray(smooth(12, 20)).save(path, exif=exif, icc_profile=p3_profile(), dpi=(300, 300))
    return path


def test_a_photograph_keeps_what_it_said_and_says_how_it_was_made(photograph):
    done = upscale(photograph, "-o", photograph.with_name("out.jpg"), "--quality", "80")
    assert done.returncode == 0, done.stderr
    with Image.open(photograph.with_name("out.jpg")) as picture:
        assert picture.size == (48, 80)
        assert picture.info["icc_profile"] == p3_profile()
        exif = picture.getexif()
        assert (exif[0x010F], exif[0x0112], exif[0x011A]) == ("Cameramaker", 1, 1200)
        xmp = picture.info["xmp"].decode()
    assert 'infdit:Weights="compact"' in xmp
    assert 'infdit:Steps="0"' in xmp
    assert 'infdit:Seed="3"' in xmp
    assert 'infdit:WeightsSHA256="' in xmp


def test_xmp_that_only_our_lines_make_too_long_for_jpeg_is_told(tmp_path):
    source = tmp_path / "in.jpg"
    end = XMP.index(b"/></x:xmpmeta>")
    packet = XMP[:end] + b' xml:lang="' + b"x" * (65_400 - len(XMP)) + b'"' + XMP[end:]
    Image.fromarray(smooth(12, 20)).save(source, xmp=packet)
    done = upscale(source, "-o", tmp_path / "out.jpg")
    assert done.returncode == 0, done.stderr
    assert "note: JPEG has no room for 65," in done.stderr
    with Image.open(tmp_path / "out.jpg") as picture:
        assert "xmp" not in picture.info


def test_strip_leaves_the_colour_profile_alone(photograph):
    out = photograph.with_name("out.webp")
    done = upscale(photograph, "-o", out, "--strip", "--lossless")
    assert done.returncode == 0, done.stderr
    with Image.open(out) as picture:
        assert picture.info["icc_profile"] == p3_profile()
        assert not {"exif", "xmp"} & set(picture.info)
        assert picture.size == (48, 80)


def test_no_provenance_says_nothing_of_us(photograph):
    out = photograph.with_name("out.png")
    assert upscale(photograph, "--no-provenance", "-o", out).returncode == 0
    with Image.open(out) as picture:
        assert picture.getexif()[0x010F] == "Cameramaker"
    assert b"infdit" not in out.read_bytes()


@pytest.mark.parametrize(
    ("name", "arguments"),
    [("out.png", ["--quality", "80"]), ("out.jpg", ["--lossless"]), ("out.webp", ["--pyramid"])],
)
def test_an_option_without_effect_is_a_usage_error_before_any_work(photograph, name, arguments):
    done = upscale(photograph, "-o", photograph.with_name(name), *arguments, "--json")
    assert done.returncode == 2
    assert "does not apply to" in json.loads(done.stdout)["error"]["message"]
    assert [each.name for each in photograph.parent.iterdir()] == ["in.jpg"]


def test_a_16_bit_gradient_is_upscaled_without_banding(tmp_path):
    ramp = np.rint(np.linspace(0, 6000, 96)).astype(np.uint16)  # of 65,536 levels: 24 of 256
    Image.fromarray(np.broadcast_to(ramp, (16, 96)).copy()).save(tmp_path / "in.png")
    assert upscale(tmp_path / "in.png").returncode == 0
    with Image.open(tmp_path / "in_x4.png") as picture:
        middle = np.asarray(picture).astype(int)[32, 8:-8]
    assert len(np.unique(middle)) > 0.95 * len(middle)
    assert (np.diff(middle) >= 0).mean() > 0.99


def test_deep_zoom_appears_as_a_file_and_its_tiles(photograph):
    done = upscale(photograph, "-o", photograph.with_name("out.dzi"))
    assert done.returncode == 0, done.stderr
    assert sorted(each.name for each in photograph.parent.iterdir()) == ["in.jpg", "out.dzi", "out_files"]
    again = upscale(photograph, "-o", photograph.with_name("out.dzi"))
    assert again.returncode == 4
    assert "--overwrite" in again.stderr
