"""The picture sheet: the same crop of everything, and a file that is whole or not there."""

import numpy as np
import pytest
from PIL import Image

from infdit_cli.degradation import shrunk
from infdit_cli.errors import OutputNotWritable
from infdit_cli.evaluation.sheet import EDGE_PX, MOST_ROWS, Row, Sheet, busiest_place
from support.photos import smooth_noise


@pytest.fixture
def truth():
    return np.asarray(smooth_noise(320, 400, seed=8))


def test_the_busiest_place_is_where_the_detail_is():
    picture = np.zeros((512, 640, 3), np.uint8)
    picture[200:328, 300:428] = np.asarray(smooth_noise(128, 128, seed=1))
    place = busiest_place(picture, 128, step=4)
    assert place.size == (128, 128)
    assert abs(place.top - 200) <= 4
    assert abs(place.left - 300) <= 4
    assert place.top % 4 == place.left % 4 == 0


@pytest.mark.parametrize("size", [(64, 64), (64, 300), (256, 256)], ids=str)
def test_of_a_small_picture_all_is_taken(size):
    place = busiest_place(np.zeros((*size, 3), np.uint8), EDGE_PX, step=4)
    assert place.size == (min(size[0], EDGE_PX), min(size[1], EDGE_PX))


def test_all_crops_of_a_row_show_the_same_place(truth):
    row = Row("a", truth, shrunk(truth, 4))
    row.add("again", truth)
    (_, first), (_, small), (_, last) = row.cells
    np.testing.assert_array_equal(first, last)
    assert first.shape == small.shape == (EDGE_PX, EDGE_PX, 3)
    squares = small.reshape(EDGE_PX // 4, 4, EDGE_PX // 4, 4, 3)
    assert (squares == squares[:, :1, :, :1]).all()
    assert np.abs(squares[:, 0, :, 0].astype(float) - shrunk(first, 4)).mean() < 3


def test_the_sheet_is_written_as_png_and_replaces_an_older_one(truth, tmp_path):
    path = tmp_path / "sheet.png"
    path.write_bytes(b"older")
    sheet = Sheet()
    for title in ("a", "ünï, \udcff"):
        sheet.start_row(title, truth, shrunk(truth, 4))
    sheet.save(path)
    with Image.open(path) as image:
        assert image.format == "PNG"
        assert image.width > 2 * EDGE_PX
        assert image.height > 2 * EDGE_PX
        pixels = np.asarray(image)
    crop = sheet.rows[0].cells[0][1]
    windows = [pixels[top : top + EDGE_PX, 6 : 6 + EDGE_PX] for top in range(60)]
    assert any(np.array_equal(window, crop) for window in windows)
    assert [each.name for each in tmp_path.iterdir()] == ["sheet.png"]


def test_a_folder_that_is_gone_is_an_error(truth, tmp_path):
    sheet = Sheet()
    sheet.start_row("a", truth, shrunk(truth, 4))
    with pytest.raises(OutputNotWritable):
        sheet.save(tmp_path / "gone" / "sheet.png")


def test_a_full_sheet_takes_no_further_row():
    sheet = Sheet()
    small = np.zeros((64, 64, 3), np.uint8)
    rows = [sheet.start_row("a", small, small[::4, ::4]) for _ in range(MOST_ROWS + 2)]
    assert rows[-3:] == [sheet.rows[-1], None, None]
    assert len(sheet.rows) == MOST_ROWS
