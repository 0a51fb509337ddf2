"""From files and folders to a list, the same every time."""

import os
import sys
from pathlib import Path

import pytest

from infdit_cli.batch import Request, list_pictures
from infdit_cli.errors import OptionError
from support.folders import refuse_folder

SUFFIXES = frozenset({".png", ".jpg"})


@pytest.fixture
def photos(tmp_path, monkeypatch) -> Path:
    """A folder with a bit of everything, to be named relative to the current folder."""
    monkeypatch.chdir(tmp_path)
    names = (
        "b.png a.JPG note.txt .hidden.png .infdit-0123.png 2024/c.png 2024/may/d.jpg .cache/e.png up/f.png"
    )
    for name in names.split():
        path = tmp_path / "photos" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"1234")
    return Path("photos")


def sources(*inputs, output="out", **wishes) -> list[str]:
    request = Request(inputs=tuple(map(Path, inputs)), output=Path(output) if output else None, **wishes)
    return [found.source.as_posix() for found in list_pictures(request, SUFFIXES).found]


def test_a_folder_gives_its_pictures_sorted_without_hidden_ones(photos):
    assert sources(photos) == ["photos/a.JPG", "photos/b.png"]


def test_recursion_goes_deeper_and_keeps_the_structure(photos):
    found = list_pictures(Request(inputs=(photos,), output=Path("out"), recursive=True), SUFFIXES).found
    assert [(each.source.name, each.folder.as_posix()) for each in found] == [
        ("a.JPG", "."),
        ("b.png", "."),
        ("c.png", "2024"),
        ("d.jpg", "2024/may"),
        ("f.png", "up"),
    ]
    assert {each.nbytes for each in found} == {4}


@pytest.mark.parametrize("output", ["photos/up", "photos/../photos/up/"])
def test_the_output_folder_is_no_input(photos, output):
    assert "photos/up/f.png" not in sources(photos, output=output, recursive=True)


def test_a_pattern_takes_the_place_of_the_suffixes_and_ignores_case(photos):
    assert sources(photos, pattern="*.jpg") == ["photos/a.JPG"]
    assert sources(photos, pattern="NOTE.*") == ["photos/note.txt"]


def test_a_file_that_is_named_is_taken_whatever_it_is_called(photos):
    named = ["photos/note.txt", "photos/.hidden.png", "missing.png"]
    assert sources(*named, output=None) == named


def test_named_files_keep_their_order_and_come_once(photos):
    assert sources("photos/b.png", "./photos/a.JPG", photos, "photos/b.png") == [
        "photos/b.png",
        "photos/a.JPG",
    ]


def test_a_folder_needs_an_output(photos):
    with pytest.raises(OptionError, match="photos is a folder"):
        sources(photos, output=None)


def test_a_folder_is_not_its_own_output(photos):
    with pytest.raises(OptionError, match="would upscale the results again"):
        sources(photos, output="photos/2024/..")


def test_links_to_folders_are_not_followed(photos):
    (photos / "2024" / "loop").symlink_to(photos.resolve())
    (photos / "loop.png").symlink_to(photos.resolve())
    assert len(sources(photos, recursive=True)) == 5


def test_a_link_that_leads_nowhere_is_listed_and_fails_later(photos):
    (photos / "gone.png").symlink_to("nowhere.png")
    assert "photos/gone.png" in sources(photos)


def test_a_link_that_cannot_be_followed_is_listed_and_fails_later(photos):
    (photos / "loop.png").symlink_to("loop.png")
    assert "photos/loop.png" in sources(photos)


@pytest.mark.skipif(sys.platform != "linux", reason="names are any bytes on Linux")
def test_names_that_are_no_text_are_listed(photos):
    Path(os.fsdecode(os.fsencode(photos) + b"/\xff.png")).write_bytes(b"1")
    assert any("\udcff" in source for source in sources(photos))


def test_a_folder_that_cannot_be_read_is_a_problem_of_its_own(photos, monkeypatch):
    refuse_folder(monkeypatch, photos / "2024")
    found = list_pictures(Request(inputs=(photos,), output=Path("out"), recursive=True), SUFFIXES).found
    [(problem, source)] = [(each.problem, each.source) for each in found if each.problem]
    assert source == photos / "2024"
    assert "photos/2024: the folder cannot be read: Permission denied" in str(problem)
    assert len(found) == 4


def test_what_is_left_out_of_a_folder_is_counted(photos):
    def counted(**wishes):
        listing = list_pictures(Request(inputs=(photos,), output=Path("photos/up"), **wishes), SUFFIXES)
        return listing.num_subfolders, listing.num_others

    assert counted() == (1, 1)
    assert counted(recursive=True) == (0, 1)
    assert counted(pattern="*.jpg") == (1, 0)


def test_only_a_missing_last_picture_without_an_output_may_be_the_result(photos):
    def problems(*names, output=None):
        request = Request(inputs=tuple(map(Path, names)), output=output)
        return [each.problem and each.problem.hint for each in list_pictures(request, SUFFIXES).found]

    assert problems("photos/a.JPG", "big.png") == [None, "to write the result there, use -o big.png"]
    assert problems("photos/a.JPG", "big") == [None, None]
    assert problems("photos/a.JPG", "photos/b.png") == [None, None]
    assert problems("big.png", "photos/a.JPG") == [None, None]
    assert problems("photos/a.JPG", "big.png", output=Path("out")) == [None, None]


def test_folders_that_were_looked_into_are_told(photos):
    listing = list_pictures(Request(inputs=(photos,), output=Path("photos/up"), recursive=True), SUFFIXES)
    assert listing.folders == {(photos / each).resolve() for each in (".", "2024", "2024/may")}
