"""Deep Zoom: a small file and a folder of tiles that come and go together."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import pyvips
from PIL import Image

from infdit_cli.config import OutputOptions
from infdit_cli.errors import OutputError, OutputExists
from infdit_cli.files import half_of, mark
from infdit_cli.geometry import Rect, Size
from infdit_cli.metadata import Metadata
from infdit_cli.tiles import JobFolder, PixelFormat, check_output, dzi_size, encode
from infdit_cli.tiles.writers.dzi import replacing_dzi
from support.pictures import p3_profile, smooth
from support.spools import spool_in

TILE = 254


def write(path, pixels, *, metadata=None, overwrite=False, **options):
    size = Size(*pixels.shape[:2])
    with spool_in(path.parent, size, PixelFormat(pixels.shape[2], pixels.dtype)) as spool:
        spool.write(Rect(0, 0, *size), pixels)
        encode(
            spool,
            path,
            metadata=metadata or Metadata(),
            options=OutputOptions(**options),
            overwrite=overwrite,
        )
    return path


def largest_level(path):
    levels = path.with_name(f"{path.stem}_files").iterdir()
    return max(levels, key=lambda level: int(level.name))


def stitched(path, size, suffix):
    """Return the picture of the largest level, its tiles put together without their overlap."""
    canvas = np.zeros((*size, 3), np.uint8)
    for tile in largest_level(path).glob(f"*.{suffix}"):
        col, row = map(int, tile.stem.split("_"))
        with Image.open(tile) as image:
            pixels = np.asarray(image)[row > 0 :, col > 0 :]
        part = canvas[row * TILE :, col * TILE :]
        height, width = (min(a, b) for a, b in zip(pixels.shape[:2], part.shape[:2], strict=True))
        part[:height, :width] = pixels[:height, :width]
    return canvas


@pytest.mark.parametrize(("lossless", "suffix", "difference"), [(True, "png", 0), (False, "jpg", 3)])
def test_the_tiles_are_the_picture(tmp_path, lossless, suffix, difference):
    pixels = smooth(300, 530)
    path = write(tmp_path / "my.photo.dzi", pixels, lossless=lossless)
    made = stitched(path, (300, 530), suffix)
    assert np.abs(made.astype(int) - pixels).max() <= difference
    assert 'Width="530"' in path.read_text()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["my.photo.dzi", "my.photo_files"]


def test_transparent_pictures_have_tiles_that_hold_it(tmp_path):
    path = write(tmp_path / "out.dzi", smooth(channels=4))
    with Image.open(largest_level(path) / "0_0.png") as tile:
        assert tile.mode == "RGBA"


def test_tiles_keep_the_colour_profile_and_nothing_else(tmp_path):
    metadata = Metadata(icc_profile=p3_profile(), exif=b"MM", xmp=b"<x/>")
    path = write(tmp_path / "out.dzi", smooth(), metadata=metadata)
    with Image.open(largest_level(path) / "0_0.jpg") as tile:
        assert tile.info["icc_profile"] == p3_profile()
        assert "exif" not in tile.info
        assert "xmp" not in tile.info


def test_an_older_picture_is_replaced_with_all_its_tiles(tmp_path):
    path = write(tmp_path / "out.dzi", smooth(600, 600))
    write(path, smooth(60, 60), overwrite=True)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["out.dzi", "out_files"]
    assert [each.name for each in largest_level(path).iterdir()] == ["0_0.jpg"]


@pytest.mark.parametrize("old", [True, False])
@pytest.mark.parametrize("fail_at", ["encoding", "moving the file"])
def test_a_failure_leaves_everything_as_it_was(tmp_path, monkeypatch, old, fail_at):
    path = tmp_path / "out.dzi"
    if old:
        write(path, smooth(600, 600))
    before = {each: each.read_bytes() for each in tmp_path.rglob("*") if each.is_file()}
    if fail_at == "encoding":
        monkeypatch.setattr(pyvips.Operation, "call", raise_error)
    else:
        monkeypatch.setattr(Path, "replace", raise_error)
        monkeypatch.setattr(os, "link", raise_error)
    with pytest.raises(OutputError):
        write(path, smooth(60, 60), overwrite=old)
    monkeypatch.undo()
    assert {each: each.read_bytes() for each in tmp_path.rglob("*") if each.is_file()} == before


def raise_error(*_, **__):
    raise OSError(5, "Input/output error")


def write_late(path, appeared, *, overwrite):
    encoded = write(path.with_name("other.dzi"), smooth(30, 53))
    with replacing_dzi(path, overwrite=overwrite) as hidden:
        encoded.rename(hidden.with_suffix(".dzi"))
        path.with_name("other_files").rename(hidden.with_name(f"{hidden.name}_files"))
        for name in appeared:
            make_up(path.with_name(name))


@pytest.mark.parametrize(
    ("appeared", "overwrite"),
    [(["out.dzi"], False), (["out_files"], False), (["out.dzi", "out_files"], False), (["out_files"], True)],
    ids=str,
)
def test_what_has_appeared_meanwhile_stays(tmp_path, appeared, overwrite):
    with pytest.raises(OutputExists):
        write_late(tmp_path / "out.dzi", appeared, overwrite=overwrite)
    assert sorted(each.name for each in tmp_path.iterdir()) == appeared
    assert all(each.read_text() == "mine" for each in tmp_path.rglob("*") if each.is_file())


def test_a_file_that_appears_at_the_last_moment_stays_and_the_tiles_go(tmp_path, monkeypatch):
    link = os.link

    def meanwhile(source, target):
        make_up(target)
        link(source, target)

    monkeypatch.setattr(os, "link", meanwhile)
    with pytest.raises(OutputExists, match=r"out\.dzi: already exists"):
        write(tmp_path / "out.dzi", smooth(30, 53))
    assert [each.name for each in tmp_path.iterdir()] == ["out.dzi"]
    assert (tmp_path / "out.dzi").read_text() == "mine"


def make_up(path):
    if path.name.endswith("_files"):
        path.mkdir()
        path /= "thesis.txt"
    path.write_text("mine")


def test_the_size_is_in_the_file(tmp_path):
    assert dzi_size(write(tmp_path / "out.dzi", smooth(30, 53))) == Size(30, 53)


@pytest.mark.parametrize("content", [b"", b"<Image/>", b'<Image><Size Width="1" Height="1"/></Image>'])
def test_what_is_no_deep_zoom_has_no_size(tmp_path, content):
    (tmp_path / "out.dzi").write_bytes(content)
    (tmp_path / "out_files").mkdir()
    assert dzi_size(tmp_path / "out.dzi") is None


def test_a_file_without_its_tiles_has_no_size(tmp_path):
    path = write(tmp_path / "out.dzi", smooth(30, 53))
    (tmp_path / "out_files").rename(tmp_path / "elsewhere")
    assert dzi_size(path) is None


def test_what_a_killed_process_leaves_begins_with_the_output_s_mark(tmp_path):
    path = tmp_path / "out.dzi"
    with replacing_dzi(path, overwrite=False) as hidden:
        assert hidden.parent.name.startswith(f"{mark(path)}-")
        encoded = write(tmp_path / "other.dzi", smooth(30, 53))
        encoded.rename(hidden.with_suffix(".dzi"))
        (tmp_path / "other_files").rename(hidden.with_name(f"{hidden.name}_files"))


REPLACED_AND_KILLED = """
import os, signal, sys
from pathlib import Path
from infdit_cli.tiles.writers.dzi import replacing_dzi
path, left, overwrite = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "True"
def hook(event, args):
    global left
    if event in {"os.rename", "os.link"}:
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
with replacing_dzi(path, overwrite=overwrite) as hidden:
    hidden.with_suffix(".dzi").write_text("new")
    hidden.with_name(f"{hidden.name}_files").mkdir()
    (hidden.with_name(f"{hidden.name}_files") / "tile").write_text("new")
    sys.addaudithook(hook)
"""


def contents(folder):
    return {
        each.relative_to(folder).as_posix(): each.read_text() for each in folder.rglob("*") if each.is_file()
    }


@pytest.mark.skipif(os.name != "posix", reason="kills by a signal")
@pytest.mark.parametrize(
    ("rename", "old"), [(1, True), (2, True), (3, True), (4, True), (1, False), (2, False)], ids=str
)
def test_killed_before_any_of_its_renames_it_can_be_made_again_and_the_old_picture_is_back(
    tmp_path, rename, old
):
    path = tmp_path / "out.dzi"
    if old:
        path.write_text("old")
        (tmp_path / "out_files").mkdir()
        (tmp_path / "out_files" / "tile").write_text("old")
    before = contents(tmp_path)
    command = [sys.executable, "-c", REPLACED_AND_KILLED, path, str(rename), str(old)]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    check_output(path, Size(10, 10), overwrite=old)
    with JobFolder(path, tmp_path):
        assert before.items() <= contents(tmp_path).items()
    assert contents(tmp_path) == before
    assert not [each for each in tmp_path.iterdir() if each.name.startswith(".")]


def test_tiles_of_another_beside_a_half_written_picture_are_no_leftovers(tmp_path):
    half = half_of(tmp_path / "out.dzi")
    (half / "picture_files").mkdir(parents=True)
    (half / "picture.dzi").touch()
    make_up(tmp_path / "out_files")
    with pytest.raises(OutputExists, match="belongs to no"):
        check_output(tmp_path / "out.dzi", Size(10, 10), overwrite=True)
    with JobFolder(tmp_path / "out.dzi", tmp_path):
        pass
    assert contents(tmp_path) == {"out_files/thesis.txt": "mine"}


def test_a_replaced_picture_is_never_beside_tiles_of_another(tmp_path, monkeypatch):
    path = write(tmp_path / "out.dzi", smooth(600, 600))
    old, seen = path.read_bytes(), []
    rename = Path.rename

    def watched(self, target):
        if Path(target).name == "out_files":
            seen.append(path.exists())
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", watched)
    write(path, smooth(60, 60), overwrite=True)
    assert seen == [False]
    assert path.read_bytes() != old
