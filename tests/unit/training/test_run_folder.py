"""One training at a time in a folder that can be written to."""

import pytest

from infdit_cli.errors import JobLocked, OutputNotWritable
from infdit_cli.files import half_of
from infdit_cli.training import locked, make_run_folder


def test_a_run_folder_is_made_with_those_it_lies_in(tmp_path):
    make_run_folder(tmp_path / "runs" / "first")
    make_run_folder(tmp_path / "runs" / "first")
    assert (tmp_path / "runs" / "first").is_dir()


@pytest.mark.parametrize("name", ["file", "file/run"])
def test_a_run_that_can_be_no_folder_is_told(tmp_path, name):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(OutputNotWritable):
        make_run_folder(tmp_path / name)


def test_two_trainings_are_kept_apart(tmp_path):
    with locked(tmp_path), pytest.raises(JobLocked, match="another training is running"), locked(tmp_path):
        pass
    with locked(tmp_path):
        pass
    assert not list(tmp_path.iterdir())


def test_what_a_killed_run_left_half_written_is_removed_and_nothing_else(tmp_path):
    half_of(tmp_path / "state.pt").write_bytes(b"half")
    others = {half_of(tmp_path / "mine.pt"), tmp_path / "state.pt"}
    for other in others:
        other.touch()
    with locked(tmp_path, ["state.pt"]):
        pass
    assert {*tmp_path.iterdir()} == others
