"""The quality of a JPEG, from its tables."""

import io

import pytest
from PIL import Image

from infdit_cli.images import read_image
from infdit_cli.images.jpeg_quality import jpeg_quality
from support.pictures import noise


def saved(kind="JPEG", mode="RGB", **how):
    file = io.BytesIO()
    Image.fromarray(noise(16, 16)).convert(mode).save(file, kind, **how)
    return Image.open(file)


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
@pytest.mark.parametrize("quality", [25, 50, 60, 75, 80, 92, 95])
def test_the_quality_of_libjpeg_is_found(quality, mode):
    assert jpeg_quality(saved(mode=mode, quality=quality)) == quality


@pytest.mark.parametrize("level", [1, 255])
def test_the_finest_and_the_coarsest_table_stay_on_the_scale(level):
    found = jpeg_quality(saved(qtables=[[level] * 64] * 2))
    assert found == (99 if level == 1 else 11)


def test_tables_may_have_any_numbers():
    data = bytearray(saved(mode="L", quality=75).fp.getvalue())
    table, component = data.index(b"\xff\xdb"), data.index(b"\xff\xc0")
    data[table + 4] = data[component + 12] = 2
    picture = Image.open(io.BytesIO(data))
    picture.load()
    assert jpeg_quality(picture) == 75


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_other_formats_have_none(kind):
    assert jpeg_quality(saved(kind)) is None


def test_a_picture_that_is_read_knows_it(tmp_path):
    for name, how in {"a.jpg": {"quality": 70}, "b.png": {}}.items():
        Image.fromarray(noise(16, 16)).save(tmp_path / name, **how)
    assert [read_image(tmp_path / name).jpeg_quality for name in ("a.jpg", "b.png")] == [70, None]
