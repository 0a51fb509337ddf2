"""Folders in their order, without hidden ones; what cannot be looked into is told."""

from pathlib import Path

import pytest

from infdit_cli.files import walk
from support.folders import refuse_folder


@pytest.fixture
def root(tmp_path) -> Path:
    for name in ("b.png", "a.txt", ".hidden.png", "2/c.png", "10/deep/d.png", ".git/e.png", "2/.cache/f.png"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"1")
    return tmp_path


def walked(root, **wishes):
    return [
        (each.folder.relative_to(root).as_posix(), [entry.name for entry in each.files])
        for each in walk(root, **wishes)
    ]


def test_each_folder_comes_before_those_in_it_and_hidden_ones_do_not_come(root):
    assert walked(root) == [
        (".", ["a.txt", "b.png"]),
        ("10", []),
        ("10/deep", ["d.png"]),
        ("2", ["c.png"]),
    ]


def test_folders_may_be_passed_by(root):
    names = [folder for folder, _ in walked(root, enters=lambda folder: folder.name != "10")]
    assert names == [".", "2"]


def test_links_in_a_circle_have_an_end(root):
    (root / "2" / "up").symlink_to(root)
    (root / "self.png").symlink_to("self.png")
    assert walked(root) == [
        (".", ["a.txt", "b.png", "self.png"]),
        ("10", []),
        ("10/deep", ["d.png"]),
        ("2", ["c.png"]),
    ]


def test_a_folder_that_cannot_be_read_is_told_and_the_others_are_walked(root, monkeypatch):
    refuse_folder(monkeypatch, root / "10")
    told = {each.folder.name: each.problem for each in walk(root)}
    assert told["10"] == f"{root / '10'}: the folder cannot be read: Permission denied"
    assert told["2"] is None


def test_links_to_files_are_files(root):
    (root / "2" / "link.png").symlink_to(root / "b.png")
    assert dict(walked(root))["2"] == ["c.png", "link.png"]
