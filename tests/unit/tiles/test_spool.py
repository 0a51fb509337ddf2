import errno
import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infdit_cli.errors import DiskFull, OutputError, OutputNotWritable
from infdit_cli.geometry import Rect, Size
from infdit_cli.tiles import PixelFormat, Spool
from support.faults import file_size_limit
from support.pictures import noise

RAW = "picture.raw"
RGB = PixelFormat(3, np.dtype(np.uint8))


def content(spool):
    pixels = np.fromfile(spool.path, spool.pixel_format.dtype)
    return pixels.reshape(*spool.size, spool.pixel_format.channels)


@settings(max_examples=60)
@given(data=st.data())
def test_any_tiling_in_any_order_gives_the_picture(tmp_path_factory, data):
    height, width = data.draw(st.integers(1, 40)), data.draw(st.integers(1, 40))
    side, channels = data.draw(st.integers(1, 40)), data.draw(st.integers(1, 4))
    pixels = noise(height, width, channels=channels, dtype=data.draw(st.sampled_from([np.uint8, np.uint16])))
    size = Size(height, width)
    tiles = [Rect(*corner, *corner).scaled(side) for corner in np.ndindex(size.ceil_div(side))]
    rects = [Rect(r.top, r.left, r.top + side, r.left + side).within(size) for r in tiles]
    with Spool(
        tmp_path_factory.getbasetemp() / "picture.raw", size, PixelFormat(channels, pixels.dtype)
    ) as spool:
        for rect in data.draw(st.permutations(rects)):
            spool.write(rect, pixels[rect.rows, rect.cols])
        np.testing.assert_array_equal(content(spool), pixels)
        for rect in rects:
            np.testing.assert_array_equal(spool.read(rect), pixels[rect.rows, rect.cols])


def test_the_file_is_whole_from_the_start(tmp_path):
    with Spool(tmp_path / RAW, Size(20, 30), RGB) as spool:
        assert spool.path.stat().st_size == spool.nbytes == 20 * 30 * 3


def test_space_is_claimed_and_not_only_promised(tmp_path):
    with Spool(tmp_path / RAW, Size(1000, 1000), RGB) as spool:
        assert spool.path.stat().st_blocks * 512 >= spool.nbytes


def test_a_view_with_gaps_between_its_rows_is_written_right(tmp_path):
    pixels = noise(8, 8)[::2, ::-1]
    with Spool(tmp_path / RAW, Size(4, 8), RGB) as spool:
        spool.write(Rect(0, 0, 4, 8), pixels)
        np.testing.assert_array_equal(content(spool), pixels)


@pytest.mark.parametrize(
    ("rect", "pixels"),
    [
        (Rect(0, 0, 3, 2), np.zeros((3, 2, 3), np.uint8)),
        (Rect(-1, 0, 1, 2), np.zeros((2, 2, 3), np.uint8)),
        (Rect(1, 1, 1, 2), np.zeros((0, 1, 3), np.uint8)),
        (Rect(0, 0, 2, 2), np.zeros((1, 2, 3), np.uint8)),
        (Rect(0, 0, 2, 2), np.zeros((2, 2, 4), np.uint8)),
        (Rect(0, 0, 2, 2), np.zeros((2, 2, 3), np.uint16)),
        (Rect(0, 0, 2, 2), np.zeros((2, 2, 3), np.float32)),
    ],
    ids=["below", "above", "empty", "shape", "channels", "depth", "floats"],
)
def test_pixels_that_do_not_fit_are_refused_instead_of_written_elsewhere(tmp_path, rect, pixels):
    with Spool(tmp_path / RAW, Size(2, 2), RGB) as spool, pytest.raises(ValueError, match="Rect"):
        spool.write(rect, pixels)


@pytest.mark.parametrize("rect", [Rect(0, 0, 3, 2), Rect(-1, 0, 1, 2), Rect(1, 1, 1, 2)], ids=str)
def test_a_part_outside_the_picture_cannot_be_read(tmp_path, rect):
    with (
        Spool(tmp_path / RAW, Size(2, 2), RGB) as spool,
        pytest.raises(ValueError, match="is no part of"),
    ):
        spool.read(rect)


def test_a_raw_picture_that_was_cut_short_is_an_error_and_no_noise(tmp_path):
    with Spool(tmp_path / RAW, Size(9, 9), RGB) as spool:
        os.truncate(spool.path, 100)
        with pytest.raises(OutputError, match="ended early"):
            spool.read(Rect(0, 0, 9, 9))


def test_writing_to_a_spool_that_is_not_open_is_refused(tmp_path):
    with pytest.raises(ValueError, match="not open"):
        Spool(tmp_path / RAW, Size(1, 1), RGB).write(Rect(0, 0, 1, 1), np.zeros((1, 1, 3), np.uint8))


def test_a_disk_without_room_fails_at_the_start_and_leaves_nothing(tmp_path):
    with (
        file_size_limit(100_000),
        pytest.raises(DiskFull),
        Spool(tmp_path / RAW, Size(1000, 1000), RGB),
    ):
        pytest.fail("the spool was entered")
    assert not list(tmp_path.iterdir())


def test_a_disk_that_fills_up_later_is_an_error_and_no_crash(tmp_path):
    with (
        Spool(tmp_path / RAW, Size(1000, 1000), RGB) as spool,
        file_size_limit(100_000),
        pytest.raises(DiskFull),
    ):
        spool.write(Rect(0, 0, 1000, 1000), noise(1000, 1000))


def test_a_missing_folder_and_a_file_in_its_place_are_not_writable(tmp_path):
    (tmp_path / "file").touch()
    for folder in (tmp_path / "missing", tmp_path / "file"):
        with (
            pytest.raises(OutputNotWritable, match=folder.name),
            Spool(folder / RAW, Size(2, 2), RGB),
        ):
            pytest.fail("the spool was entered")


def test_a_file_system_that_cannot_reserve_is_used_all_the_same(tmp_path, monkeypatch):
    def refuse(*_):
        raise OSError(errno.EOPNOTSUPP, "not supported")

    monkeypatch.setattr(os, "posix_fallocate", refuse)
    with Spool(tmp_path / RAW, Size(4, 4), RGB) as spool:
        assert spool.path.stat().st_size == spool.nbytes


def test_a_spool_outlives_its_process_and_is_opened_as_it_is(tmp_path):
    pixels = noise(20, 30)
    with Spool(tmp_path / RAW, Size(20, 30), RGB) as spool:
        spool.write(Rect(0, 0, 20, 30), pixels)
    with pytest.raises(RuntimeError), Spool(tmp_path / RAW, Size(20, 30), RGB):
        raise RuntimeError
    with Spool(tmp_path / RAW, Size(20, 30), RGB) as spool:
        np.testing.assert_array_equal(spool.read(Rect(0, 0, 20, 30)), pixels)


def test_a_file_of_another_size_is_no_spool_and_makes_room_for_one(tmp_path):
    (tmp_path / RAW).write_bytes(b"\1" * 99)
    with Spool(tmp_path / RAW, Size(10, 10), RGB) as spool:
        assert not spool.read(Rect(0, 0, 10, 10)).any()
    with file_size_limit(100), pytest.raises(DiskFull), Spool(tmp_path / RAW, Size(9, 9), RGB):
        pytest.fail("the spool was entered")
    assert not list(tmp_path.iterdir())


def test_a_digest_tells_rows_apart_and_nothing_else(tmp_path):
    with Spool(tmp_path / RAW, Size(3000, 700), RGB) as spool:
        pixels = noise(3000, 700)
        spool.write(Rect(0, 0, 3000, 700), pixels)
        spool.sync()
        whole, part = spool.digest(0, 3000), spool.digest(100, 200)
        assert spool.digest(100, 100) == spool.digest(0, 0)
        spool.write(Rect(200, 5, 201, 6), 255 - pixels[200:201, 5:6])
        assert spool.digest(0, 3000) != whole
        assert spool.digest(100, 200) == part
        spool.write(Rect(199, 699, 200, 700), 255 - pixels[199:200, 699:])
        assert spool.digest(100, 200) != part
