"""One training at a time in a folder that can be written to."""

from contextlib import suppress

import pytest

from infdit_cli.errors import JobLocked, OutputNotWritable
from infdit_cli.files import half_of
from infdit_cli.training import locked, run_folder


def test_a_run_folder_is_made_with_those_it_lies_in(tmp_path):
    for _ in range(2):
        with run_folder(tmp_path / "runs" / "first"):
            pass
    assert (tmp_path / "runs" / "first").is_dir()


def broken_off(run, *names):
    """Begin a run that leaves files of ``names`` and fails; return what is there afterwards."""
    with suppress(ZeroDivisionError), run_folder(run):
        for name in names:
            (run / name).touch()
        raise ZeroDivisionError
    return sorted(path.name for path in run.parent.rglob("*"))


@pytest.mark.parametrize("name", ["run", "runs/first"])
def test_the_folders_of_a_run_that_never_began_go_again(tmp_path, name):
    broken_off(tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_a_folder_with_something_in_it_stays_and_so_does_one_that_was_there(tmp_path):
    assert broken_off(tmp_path / "run", "state.pt") == ["run", "state.pt"]
    (tmp_path / "run" / "state.pt").unlink()
    assert broken_off(tmp_path / "run") == ["run"]


@pytest.mark.parametrize("name", ["file", "file/run"])
def test_a_run_that_can_be_no_folder_is_told(tmp_path, name):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(OutputNotWritable), run_folder(tmp_path / name):
        pass


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
