"""What every output format owes, whatever it is; Deep Zoom, which is a folder, has tests of its own."""

from contextlib import contextmanager

import numpy as np
import pytest

from infdit_cli.config import OutputOptions
from infdit_cli.errors import OutputError
from infdit_cli.geometry import Rect, Size
from infdit_cli.images import read_image
from infdit_cli.metadata import Metadata
from infdit_cli.tiles import FORMATS, PixelFormat, encode
from support.pictures import GREY_PROFILE, SRGB, noise, smooth
from support.spools import spool_in

HEIGHT, WIDTH, TILE = 75, 110, 32
SUFFIXES = [container.suffixes[0] for container in FORMATS if not container.is_folder]
DTYPES = (np.dtype(np.uint8), np.dtype(np.uint16))
PIXEL_FORMATS = [PixelFormat(channels, dtype) for dtype in DTYPES for channels in (1, 2, 3, 4)]
# Mean distance in 8-bit levels that a lossy container may put between what is written and read.
LOSSY_LEVELS = 2.0


def container_of(suffix):
    return next(each for each in FORMATS if suffix in each.suffixes)


def supported():
    for suffix in SUFFIXES:
        for pixel_format in PIXEL_FORMATS:
            container = container_of(suffix)
            fits_alpha = container.holds_alpha or not pixel_format.alpha
            if pixel_format.bits <= container.max_bits and fits_alpha:
                yield pytest.param(
                    suffix, pixel_format, id=f"{suffix[1:]}-{pixel_format.channels}x{pixel_format.bits}"
                )


def rects():
    size = Size(HEIGHT, WIDTH)
    for row, col in np.ndindex(size.ceil_div(TILE)):
        yield Rect(row, col, row + 1, col + 1).scaled(TILE).within(size)


@contextmanager
def filled(folder, pixels):
    """Yield an open spool that was written tile by tile, column after column from the right."""
    with spool_in(folder, Size(HEIGHT, WIDTH), PixelFormat(pixels.shape[2], pixels.dtype)) as spool:
        for rect in sorted(rects(), key=lambda rect: (-rect.left, rect.top)):
            spool.write(rect, pixels[rect.rows, rect.cols])
        yield spool


def picture_of(pixel_format):
    pixels = smooth(HEIGHT, WIDTH, channels=pixel_format.channels, dtype=pixel_format.dtype)
    if pixel_format.alpha:
        pixels[..., -1] |= 1 << (8 * pixels.itemsize - 1)  # readers give hidden pixels new colours
    return pixels


def write(path, pixels, icc_profile=None):
    with filled(path.parent, pixels) as spool:
        encode(spool, path, metadata=Metadata(icc_profile=icc_profile), options=OutputOptions())


def write_torn(path, pixels):
    """Lose the raw pixels before they are encoded, as a failing disk would."""
    with filled(path.parent, pixels) as spool:
        spool.path.write_bytes(b"torn")
        encode(spool, path, metadata=Metadata(), options=OutputOptions())


def read_pixels(picture):
    colours = picture.rgb[..., :1] if picture.grey else picture.rgb
    return colours if picture.alpha is None else np.dstack((colours, picture.alpha))


@pytest.mark.parametrize(("suffix", "pixel_format"), list(supported()))
def test_what_is_written_in_any_order_is_read_back(tmp_path, suffix, pixel_format):
    pixels = picture_of(pixel_format)
    path = tmp_path / f"out{suffix}"
    write(path, pixels)
    picture = read_image(path)
    container = container_of(suffix)
    assert picture.rgb.dtype == pixels.dtype
    assert (picture.alpha is not None) == pixel_format.alpha
    assert picture.grey == (pixel_format.grey and container.holds_grey)
    if pixel_format.grey and not picture.grey:
        pixels = np.dstack([pixels[..., :1]] * 3 + ([pixels[..., 1:]] if pixel_format.alpha else []))
    difference = np.abs(read_pixels(picture).astype(int) - pixels)
    assert difference.mean() <= (0 if container.default_quality is None else LOSSY_LEVELS)


@pytest.mark.parametrize("suffix", [".png", ".tif", ".webp", ".avif"])
@pytest.mark.parametrize("channels", [3, 4])
def test_without_loss_every_level_is_read_back(tmp_path, suffix, channels):
    pixels = noise(HEIGHT, WIDTH, channels=channels)
    pixels[..., -1] |= 128
    path = tmp_path / f"out{suffix}"
    with filled(tmp_path, pixels) as spool:
        encode(spool, path, metadata=Metadata(), options=OutputOptions(lossless=True))
    np.testing.assert_array_equal(read_pixels(read_image(path)), pixels)


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("profile", [SRGB, GREY_PROFILE], ids=["rgb", "grey"])
def test_the_colour_profile_is_kept(tmp_path, suffix, profile):
    grey = profile is GREY_PROFILE
    if grey and not container_of(suffix).holds_grey:
        pytest.skip("the container has no grey pixels")
    path = tmp_path / f"out{suffix}"
    write(path, smooth(HEIGHT, WIDTH, channels=1 if grey else 3), profile)
    assert read_image(path).metadata.icc_profile == profile


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("pixel_format", PIXEL_FORMATS, ids=str)
def test_every_kind_of_pixel_is_written_somehow(tmp_path, suffix, pixel_format):
    path = tmp_path / f"out{suffix}"
    write(path, picture_of(pixel_format))
    assert read_image(path).size == (HEIGHT, WIDTH)


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("old", [None, "old"], ids=["fresh", "replaced"])
def test_a_failure_leaves_nothing_new_behind(tmp_path, suffix, old):
    path = tmp_path / f"out{suffix}"
    if old:
        path.write_text(old)
    with pytest.raises(OutputError, match=f"out{suffix}"):
        write_torn(path, smooth(HEIGHT, WIDTH))
    assert {each.name: each.read_text() for each in tmp_path.iterdir()} == ({path.name: old} if old else {})


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_finished_file_is_alone_and_as_open_as_any_new_file(tmp_path, suffix):
    path = tmp_path / f"out{suffix}"
    write(path, smooth(HEIGHT, WIDTH))
    assert [each.name for each in tmp_path.iterdir()] == [path.name]
    plain = tmp_path / "plain"
    plain.touch()
    assert path.stat().st_mode == plain.stat().st_mode


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_one_pixel_is_a_picture(tmp_path, suffix):
    path = tmp_path / f"dot{suffix}"
    with spool_in(tmp_path, Size(1, 1), PixelFormat(3, np.dtype(np.uint8))) as spool:
        spool.write(Rect(0, 0, 1, 1), np.full((1, 1, 3), 7, np.uint8))
        encode(spool, path, metadata=Metadata(), options=OutputOptions())
    assert read_image(path).size == (1, 1)
