"""Room is that of the disk on which a path would come to lie."""

import shutil

from infdit_cli.files import free_bytes


def test_a_path_that_is_not_there_yet_has_the_room_of_its_parents(tmp_path, monkeypatch):
    asked = []

    def usage(path):
        asked.append(path)
        return shutil._ntuple_diskusage(10, 3, 7)

    monkeypatch.setattr(shutil, "disk_usage", usage)
    assert free_bytes(tmp_path / "not" / "yet" / "x.png") == 7
    assert asked == [tmp_path]


def test_a_relative_path_lies_in_the_current_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert free_bytes(tmp_path.joinpath("x").relative_to(tmp_path)) > 0
