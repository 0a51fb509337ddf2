"""Disks are asked for what they will hold, before any work."""

import re
import shutil
from collections import namedtuple
from pathlib import Path

import numpy as np
import pytest

from infdit_cli import amounts
from infdit_cli.config import OutputOptions
from infdit_cli.errors import DiskFull, OutputNotWritable
from infdit_cli.geometry import Size
from infdit_cli.tiles import DiskNeeds, Output, PixelFormat, check_room

RGB = PixelFormat(3, np.dtype(np.uint8))
SIZE = Size(1000, 1000)
RAW_BYTES = 3_000_000


def check(path, work, *, size=SIZE, options=None, **more):
    output = Output(path=path, size=size, pixel_format=RGB, options=options or OutputOptions())
    check_room(DiskNeeds(output=output, work=work, **more))


@pytest.fixture
def two_disks(tmp_path, monkeypatch):
    """Two folders on file systems of their own, with room as the test says."""
    free = {"out": 0, "work": 0}
    usage, status = namedtuple("usage", "free"), namedtuple("status", "st_dev st_mode")
    for name in free:
        (tmp_path / name).mkdir()
    real = Path.stat

    def stat(path, **options):
        found = real(path, **options)
        return status(list(free).index(path.name), found.st_mode) if path.name in free else found

    monkeypatch.setattr(Path, "stat", stat)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(free[Path(path).name]))
    return tmp_path / "out", tmp_path / "work", free


def test_room_is_asked_for_what_the_options_make_of_the_picture(two_disks):
    out, work, free = two_disks
    free.update(work=3_000_000, out=3_000_000)
    check(out / "a.webp", work)
    for name, options in (("a.webp", OutputOptions(lossless=True)), ("a.tif", OutputOptions(pyramid=True))):
        with pytest.raises(DiskFull):
            check(out / name, work, options=options)


def test_a_picture_larger_than_the_disk_is_refused_with_both_numbers(tmp_path):
    size = Size(60_000_000, 60_000_000)
    with pytest.raises(DiskFull) as error:
        check(tmp_path / "a.png", tmp_path, size=size)
    needed = amounts.size(int(size.area * 3 * 2.05))
    assert f"up to {needed} are needed while working, " in error.value.message
    assert re.search(r"[\d.]+ [kMGT]B are free: [\d,]+ TB too little$", error.value.message)


def test_each_disk_is_asked_for_what_it_will_hold(two_disks):
    out, work, free = two_disks
    free.update(out=int(RAW_BYTES * 1.05), work=RAW_BYTES + 500)
    check(out / "a.png", work, scratch_bytes=500)
    free.update(work=RAW_BYTES + 499)
    with pytest.raises(DiskFull, match=r"work: up to 3 MB are .*: 1 byte too little"):
        check(out / "a.png", work, scratch_bytes=500)
    free.update(out=int(RAW_BYTES * 1.05) - 1, work=RAW_BYTES + 500)
    with pytest.raises(DiskFull, match=r"out: up to 3\.1 MB are .*: 1 byte too little"):
        check(out / "a.png", work, scratch_bytes=500)


def test_where_the_output_is_a_link_the_disk_that_it_leads_to_is_asked(two_disks, tmp_path):
    out, work, free = two_disks
    free.update(out=int(RAW_BYTES * 1.05), work=RAW_BYTES)
    link = work / "a.png"
    link.symlink_to(out / "a.png")
    check(link, work)
    free["out"] -= 1
    with pytest.raises(DiskFull, match=r"out: up to 3\.1 MB are .*: 1 byte too little"):
        check(link, work)


def test_pictures_between_passes_are_still_there_while_the_output_is_written(two_disks):
    out, _, free = two_disks
    free.update(out=2 * RAW_BYTES + int(RAW_BYTES * 1.05) + 500)
    check(out / "a.png", out, scratch_bytes=RAW_BYTES, beside_bytes=500)
    free["out"] -= 1
    with pytest.raises(DiskFull):
        check(out / "a.png", out, scratch_bytes=RAW_BYTES, beside_bytes=500)


def test_the_folder_for_work_must_be_there(tmp_path):
    with pytest.raises(OutputNotWritable, match="no such folder"):
        check(tmp_path / "a.png", tmp_path / "missing")
