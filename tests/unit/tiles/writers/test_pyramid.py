import itertools

import numpy as np
import pytest
import pyvips
from PIL import Image

from infdit_cli.config import OutputOptions
from infdit_cli.geometry import Rect, Size
from infdit_cli.metadata import Metadata
from infdit_cli.tiles import FORMATS, PixelFormat, encode
from infdit_cli.tiles.writers import formats
from support.pictures import smooth
from support.spools import spool_in

REDUCED = 254


def write(path, pixels):
    size = Size(*pixels.shape[:2])
    with spool_in(path.parent, size, PixelFormat(pixels.shape[2], pixels.dtype)) as spool:
        spool.write(Rect(0, 0, *size), pixels)
        encode(
            spool, path, metadata=Metadata(iptc=b"\x1c\x02\x05\0\x01T"), options=OutputOptions(pyramid=True)
        )
    return path


@pytest.fixture(params=[False, True], ids=["classic", "big"])
def big(request, monkeypatch):
    """Both kinds of TIFF, whatever the size."""
    if request.param:
        monkeypatch.setattr(formats, "_BIG_BYTES", 0)
    return request.param


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_every_level_is_the_mean_of_the_one_before(tmp_path, dtype, channels, big):
    pixels = smooth(601, 1100, channels=channels, dtype=dtype)
    path = write(tmp_path / "out.tif", pixels)
    assert path.read_bytes()[2] == (43 if big else 42)
    levels = [pyvips.Image.tiffload(str(path), page=page).numpy() for page in range(4)]
    np.testing.assert_array_equal(levels[0], pixels.squeeze(2) if channels == 1 else pixels)
    assert [level.shape[:2] for level in levels] == [(601, 1100), (301, 550), (151, 275), (76, 138)]
    for larger, smaller in itertools.pairwise(levels):
        even = larger[: larger.shape[0] // 2 * 2, : larger.shape[1] // 2 * 2].astype(float)
        mean = (even[::2, ::2] + even[1::2, ::2] + even[::2, 1::2] + even[1::2, 1::2]) / 4
        assert np.abs(smaller[: mean.shape[0], : mean.shape[1]] - mean).max() <= 1


def test_other_readers_find_the_levels_and_that_they_are_copies(tmp_path, big):
    with Image.open(write(tmp_path / "out.tif", smooth(300, 600))) as picture:
        assert picture.n_frames == 3
        assert REDUCED not in picture.tag_v2 or picture.tag_v2[REDUCED] == 0
        for page, size in ((1, (300, 150)), (2, (150, 75))):
            picture.seek(page)
            assert picture.size == size
            assert picture.tag_v2[REDUCED] == 1
            picture.load()


def test_a_picture_of_one_tile_needs_no_copies(tmp_path):
    with Image.open(write(tmp_path / "out.tif", smooth(200, 256))) as picture:
        assert picture.n_frames == 1


def test_nothing_else_is_left_in_the_folder(tmp_path):
    write(tmp_path / "out.tif", smooth(600, 600))
    assert [each.name for each in tmp_path.iterdir()] == ["out.tif"]


def test_only_tiff_takes_levels():
    assert [each.name for each in FORMATS if each.pyramid] == ["TIFF"]
