import errno
import os

import pytest

from infdit_cli.config import OutputOptions
from infdit_cli.errors import FormatLimit, OptionError, OutputError, OutputExists, OutputNotWritable
from infdit_cli.geometry import Size
from infdit_cli.tiles import check_output

SMALL = Size(10, 10)


def test_a_fresh_name_in_a_folder_is_fine_and_stays_unused(tmp_path):
    check_output(tmp_path / "out.png", SMALL, overwrite=False, source=tmp_path / "missing.png")
    assert not list(tmp_path.iterdir())


def test_the_folder_and_the_name_are_checked(tmp_path):
    path, loop = tmp_path / "in.png", tmp_path / "loop.png"
    path.touch()
    loop.symlink_to(loop)
    with pytest.raises(OutputNotWritable, match="no such folder"):
        check_output(tmp_path / "new" / "out.png", SMALL, overwrite=False)
    with pytest.raises(OutputExists):
        check_output(path, SMALL, overwrite=False)
    with pytest.raises(OutputError, match="is the input itself"):
        check_output(path, SMALL, overwrite=True, source=path)
    for inside_or_itself in (loop, loop / "out.png"):
        with pytest.raises(OutputError, match=os.strerror(errno.ELOOP)):
            check_output(inside_or_itself, SMALL, overwrite=True)


def test_folders_that_are_still_to_be_made_are_no_error(tmp_path):
    check_output(tmp_path / "new" / "out.png", SMALL, overwrite=False, makes_folder=True)
    check_output(tmp_path / "new" / "er" / "out.png", SMALL, overwrite=False, makes_folder=True)
    (tmp_path / "file").touch()
    with pytest.raises(OutputNotWritable, match=r"/file: is a file, not a folder"):
        check_output(tmp_path / "file" / "new" / "out.png", SMALL, overwrite=False, makes_folder=True)
    (tmp_path / "file").unlink()
    with pytest.raises(OutputError, match="the name has"):
        check_output(tmp_path / "new" / ("x" * 300 + ".png"), SMALL, overwrite=False, makes_folder=True)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "side", "limit", "others"),
    [
        ("a.jpg", 65_500, "65,500", ".png or .tif or .dzi"),
        ("a.webp", 16_383, "16,383", ".png or .tif or .jpg or .avif or .dzi"),
    ],
)
def test_a_side_beyond_the_container_names_what_would_do(tmp_path, name, side, limit, others):
    check_output(tmp_path / name, Size(1, side), overwrite=False)
    with pytest.raises(FormatLimit, match=f"holds {limit} pixels a side at most") as error:
        check_output(tmp_path / name, Size(side + 1, 1), overwrite=False)
    assert error.value.hint == f"write {others} instead"


@pytest.mark.parametrize("existing", ["file", "tiles", "both"])
def test_both_parts_of_a_deep_zoom_picture_need_overwrite(tmp_path, existing):
    path, tiles = tmp_path / "out.dzi", tmp_path / "out_files"
    if existing != "tiles":
        path.touch()
    if existing != "file":
        tiles.mkdir()
    with pytest.raises(OutputExists, match="already exists"):
        check_output(path, SMALL, overwrite=False)
    if existing == "tiles":  # a folder of that name without its file may be anything
        with pytest.raises(OutputExists, match=r"belongs to no out\.dzi"):
            check_output(path, SMALL, overwrite=True)
    else:
        check_output(path, SMALL, overwrite=True)


def test_tiles_are_looked_for_where_a_link_leads(tmp_path):
    (tmp_path / "apart" / "real_files").mkdir(parents=True)
    (tmp_path / "link.dzi").symlink_to(tmp_path / "apart" / "real.dzi")
    with pytest.raises(OutputExists, match="real_files: already exists, but belongs to no"):
        check_output(tmp_path / "link.dzi", SMALL, overwrite=True)


def test_tiles_that_hold_the_input_are_never_replaced(tmp_path):
    path, source = tmp_path / "out.dzi", tmp_path / "out_files" / "7" / "0_0.jpg"
    source.parent.mkdir(parents=True)
    path.touch()
    source.touch()
    with pytest.raises(OutputError, match="holds the input itself"):
        check_output(path, SMALL, overwrite=True, source=source)


def test_an_option_without_effect_is_refused_before_anything_else(tmp_path):
    with pytest.raises(OptionError, match="quality"):
        check_output(tmp_path / "a.png", SMALL, overwrite=False, options=OutputOptions(quality=50))


def test_a_side_beyond_every_container_asks_for_less(tmp_path):
    with pytest.raises(FormatLimit) as error:
        check_output(tmp_path / "a.png", Size(1, 100_000_001), overwrite=False)
    assert error.value.hint == "choose a smaller scale"


def test_the_first_thing_wrong_is_told_first(tmp_path):
    with pytest.raises(FormatLimit, match="suffix"):
        check_output(tmp_path / "missing" / "out.gif", SMALL, overwrite=False)
