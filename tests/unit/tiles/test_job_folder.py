"""One hidden folder for an output, one process in it, and nothing of it at the end."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from infdit_cli.errors import JobLocked, OutputError
from infdit_cli.files import mark
from infdit_cli.tiles import JOURNAL, JobFolder, kept_bytes, remove_leftovers

HOLD = """
import sys, time
from pathlib import Path
from infdit_cli.tiles import JobFolder
folder = JobFolder(Path(sys.argv[1]), Path(sys.argv[2])).__enter__()
print("held", flush=True)
time.sleep(60)
"""


def names(folder):
    return sorted(each.name for each in folder.iterdir())


def broken_off(output, work, **files):
    """Leave what a run leaves that is broken off when it is worth keeping."""
    folder = JobFolder(output, work).__enter__()
    for name, content in files.items():
        (folder.path / name).write_text(content)
    folder.is_worth_keeping = True
    folder.__exit__(KeyboardInterrupt, KeyboardInterrupt(), None)
    return folder.path


def test_the_folder_is_hidden_beside_the_output_and_gone_at_the_end(tmp_path):
    with JobFolder(tmp_path / "out.png", tmp_path) as folder:
        assert folder.path == tmp_path / mark(tmp_path / "out.png")
        assert folder.path.name.startswith(".infdit-")
        (folder.path / "picture.raw").write_text("pixels")
        (folder.path / "deeper").mkdir()
        folder.is_worth_keeping = True
    assert not list(tmp_path.iterdir())


def test_its_name_is_short_and_the_same_for_every_spelling(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "link.png").symlink_to("out.png")
    spellings = [Path("out.png"), Path("./out.png"), tmp_path / "x" / ".." / "out.png", Path("link.png")]
    assert len({mark(each) for each in spellings}) == 1
    assert mark(Path("other.png")) != mark(Path("out.png"))
    assert len(mark(Path("x" * 250))) < 30


def test_a_broken_off_run_leaves_the_folder_only_if_it_is_worth_it(tmp_path):
    with pytest.raises(RuntimeError), JobFolder(tmp_path / "out.png", tmp_path):
        raise RuntimeError
    assert not list(tmp_path.iterdir())
    path = broken_off(tmp_path / "out.png", tmp_path, journal="progress")
    assert (path / "journal").read_text() == "progress"


def test_a_second_run_on_the_same_output_is_told_who_has_it(tmp_path):
    with JobFolder(tmp_path / "out.png", tmp_path) as folder:
        (folder.path / JOURNAL).touch()
        with pytest.raises(JobLocked, match=f"is already being written by process {os.getpid()} on "):
            JobFolder(tmp_path / "out.png", tmp_path).__enter__()
        assert (folder.path / JOURNAL).exists()
        with JobFolder(tmp_path / "other.png", tmp_path):
            pass
    with JobFolder(tmp_path / "out.png", tmp_path):
        pass


def test_a_second_run_that_works_elsewhere_is_told_too(tmp_path):
    (tmp_path / "fast").mkdir()
    with JobFolder(tmp_path / "out.png", tmp_path), pytest.raises(JobLocked):
        JobFolder(tmp_path / "out.png", tmp_path / "fast").__enter__()
    with JobFolder(tmp_path / "out.png", tmp_path / "fast"), pytest.raises(JobLocked):
        JobFolder(tmp_path / "out.png", tmp_path).__enter__()
    assert names(tmp_path) == ["fast"]
    assert not list((tmp_path / "fast").iterdir())


def test_the_lock_of_a_process_that_was_killed_is_nobodys(tmp_path):
    output = tmp_path / "out.png"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, output, tmp_path], stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(JobLocked, match=f"by process {holder.pid} on "):
            JobFolder(output, tmp_path).__enter__()
        holder.kill()
    assert names(tmp_path) == [mark(output)]
    with JobFolder(output, tmp_path):
        pass
    assert not list(tmp_path.iterdir())


def test_an_owner_that_nobody_can_read_is_left_out(tmp_path):
    with JobFolder(tmp_path / "out.png", tmp_path) as folder:
        for text in ("", "[]", "[" * 100_000, '{"folder": 1}', "\xff"):
            (folder.path / "owner").write_text(text, encoding="latin-1")
            with pytest.raises(JobLocked, match=r"is already being written$"):
                JobFolder(tmp_path / "out.png", tmp_path).__enter__()


def test_clearing_removes_all_but_the_lock(tmp_path):
    with JobFolder(tmp_path / "out.png", tmp_path) as folder:
        before = names(folder.path)
        (folder.path / "a").touch()
        (folder.path / "b").mkdir()
        folder.clear()
        assert names(folder.path) == before
        with pytest.raises(JobLocked):
            JobFolder(tmp_path / "out.png", tmp_path).__enter__()


def test_half_written_outputs_of_killed_runs_go_and_those_of_others_stay(tmp_path):
    ours = tmp_path / f"{mark(tmp_path / 'out.png')}-0123.png"
    others = tmp_path / f"{mark(tmp_path / 'other.png')}-0123.png"
    stale = broken_off(tmp_path / "other.png", tmp_path, journal="progress")
    ours.touch()
    others.touch()
    with JobFolder(tmp_path / "out.png", tmp_path):
        assert not ours.exists()
    assert names(tmp_path) == sorted([others.name, stale.name])
    assert (stale / "journal").read_text() == "progress"


def test_what_a_killed_run_left_on_another_disk_goes(tmp_path):
    (tmp_path / "fast").mkdir()
    left = broken_off(tmp_path / "out.png", tmp_path / "fast", journal="progress")
    assert left.parent == tmp_path / "fast"
    with JobFolder(tmp_path / "out.png", tmp_path):
        assert not left.exists()
    assert names(tmp_path) == ["fast"]


def test_the_folder_for_the_work_may_be_named_from_the_current_one(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("fast").mkdir()
    with JobFolder(Path("out.png"), Path("fast")) as folder:
        assert folder.path.is_dir()
    left = broken_off(Path("out.png"), Path("fast"), journal="progress")
    with JobFolder(tmp_path / "out.png", tmp_path / "fast"):
        assert (left / "journal").read_text() == "progress"
    assert names(tmp_path) == ["fast"]
    assert not list(Path("fast").iterdir())


def test_an_owner_cannot_name_a_folder_that_is_not_its_own(tmp_path):
    (tmp_path / "precious").mkdir()
    home = broken_off(tmp_path / "out.png", tmp_path)
    owner = {"pid": 1, "host": "x", "folder": str(tmp_path / "precious")}
    (home / "owner").write_text(json.dumps(owner))
    with JobFolder(tmp_path / "out.png", tmp_path):
        pass
    assert names(tmp_path) == ["precious"]


def test_a_file_in_the_folders_place_is_an_error_and_stays(tmp_path):
    (tmp_path / mark(tmp_path / "out.png")).write_text("mine")
    with pytest.raises(OutputError):
        JobFolder(tmp_path / "out.png", tmp_path).__enter__()
    assert (tmp_path / mark(tmp_path / "out.png")).read_text() == "mine"


def test_kept_bytes_are_those_of_the_output_and_no_others(tmp_path):
    assert kept_bytes(tmp_path / "out.png", tmp_path) == 0
    path = broken_off(tmp_path / "out.png", tmp_path, picture="x" * 1000)
    assert 1000 <= kept_bytes(tmp_path / "out.png", tmp_path) <= 1000 + 8192
    assert kept_bytes(tmp_path / "other.png", tmp_path) == 0
    assert path.exists()


def test_a_hole_in_a_kept_file_is_no_room(tmp_path):
    path = broken_off(tmp_path / "out.png", tmp_path, spool="1")
    os.truncate(path / "spool", 100 << 20)
    if (path / "spool").stat().st_blocks * 512 >= 100 << 20:
        pytest.skip("this file system has no holes")
    assert kept_bytes(tmp_path / "out.png", tmp_path) < 1 << 20


@pytest.mark.parametrize(("output_s", "goes"), [(10, True), (-10, False)])
def test_leftovers_of_a_finished_output_go_and_work_on_a_later_one_stays(tmp_path, output_s, goes):
    output = tmp_path / "out.png"
    journal = broken_off(output, tmp_path, journal="progress") / JOURNAL
    output.touch()
    written_s = journal.stat().st_mtime + output_s
    os.utime(output, (written_s, written_s))
    remove_leftovers(output, tmp_path)
    assert journal.exists() is not goes
    assert output.exists()


def test_leftovers_that_are_in_use_stay(tmp_path):
    output = tmp_path / "out.png"
    with JobFolder(output, tmp_path) as folder:
        output.touch()
        remove_leftovers(output, tmp_path)
        assert folder.path.exists()


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts the descriptors that Linux tells")
@pytest.mark.parametrize("keeps", [False, True], ids=["done", "kept"])
def test_a_folder_may_be_left_in_another_thread(tmp_path, keeps):
    before = len(list(Path("/proc/self/fd").iterdir()))
    folder = JobFolder(tmp_path / "out.png", tmp_path).__enter__()
    folder.is_worth_keeping = keeps
    error = KeyboardInterrupt() if keeps else None
    leaving = threading.Thread(target=folder.__exit__, args=(type(error), error, None))
    leaving.start()
    leaving.join()
    assert len(list(Path("/proc/self/fd").iterdir())) == before
    with JobFolder(tmp_path / "out.png", tmp_path):
        pass
