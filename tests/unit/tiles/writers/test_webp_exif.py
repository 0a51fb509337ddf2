import numpy as np
import pytest
import pyvips
from PIL import Image

from infdit_cli.tiles.writers.webp_exif import put_exif
from support.pictures import XMP, smooth


def saved(path, *, keep, channels=3):
    image = pyvips.Image.new_from_array(smooth(channels=channels), interpretation="srgb")
    image.set_type(pyvips.GValue.blob_type, "xmp-data", XMP)
    image.webpsave(str(path), lossless=True, keep=keep)
    return path


@pytest.mark.parametrize("channels", [3, 4])
@pytest.mark.parametrize("keep", [1, 3], ids=["EXIF alone", "and XMP"])
@pytest.mark.parametrize("num_bytes", [8, 9, 70_001])
def test_a_block_takes_the_place_of_the_made_up_one(tmp_path, keep, num_bytes, channels):
    block = b"II*\0".ljust(num_bytes, b"\1")
    path = saved(tmp_path / "out.webp", keep=keep, channels=channels)
    pixels = pyvips.Image.webpload(str(path)).numpy()
    put_exif(path, {"EXIF": block})
    data = path.read_bytes()
    assert len(data) == int.from_bytes(data[4:8], "little") + 8
    assert data.count(b"EXIF") == 1
    with Image.open(path) as picture:
        picture.load()
        assert picture.info["exif"] == block
        assert picture.info.get("xmp") == (XMP if keep == 3 else None)
    np.testing.assert_array_equal(pyvips.Image.webpload(str(path), revalidate=True).numpy(), pixels)


@pytest.mark.parametrize("keep", [0, 2], ids=["a simple file", "one with XMP"])
def test_a_file_without_exif_stays_as_it_is(tmp_path, keep):
    path = saved(tmp_path / "out.webp", keep=keep)
    before = path.read_bytes()
    put_exif(path, {"EXIF": b"II*\0"})
    assert path.read_bytes() == before
