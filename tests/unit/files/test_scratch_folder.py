"""A folder for what nobody keeps: private, gone at the end, removed by others if its process is dead."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from infdit_cli.errors import OutputNotWritable
from infdit_cli.files import scratch_folder

HOLD = """
import sys, time
from pathlib import Path
from infdit_cli.files import scratch_folder
with scratch_folder(Path(sys.argv[1])) as folder:
    (folder / "stdin").write_text("a picture")
    print(folder, flush=True)
    time.sleep(60)
"""


@pytest.fixture
def other(tmp_path):
    """Another process with a folder in ``tmp_path``."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, tmp_path], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline().strip().startswith(str(tmp_path / ".infdit-pipe-"))
        yield process
        process.kill()


def names(folder):
    return {each.name for each in folder.iterdir()}


def test_the_folder_is_private_and_gone_at_the_end(tmp_path):
    with scratch_folder(tmp_path) as folder:
        assert folder.parent == tmp_path
        assert os.name != "posix" or stat.S_IMODE(folder.stat().st_mode) == 0o700
        (folder / "deeper").mkdir()
    assert names(tmp_path) == set()


def test_what_a_killed_process_left_is_removed(tmp_path, other):
    other.kill()
    other.wait()
    left = names(tmp_path)
    assert len(left) == 2
    with scratch_folder(tmp_path):
        assert not names(tmp_path) & left
    assert names(tmp_path) == set()


def test_what_a_living_process_has_is_left_alone(tmp_path, other):
    its = names(tmp_path)
    with scratch_folder(tmp_path):
        assert names(tmp_path) > its
    assert names(tmp_path) == its


def test_what_only_looks_like_one_is_left_alone(tmp_path):
    (tmp_path / "file").write_text("text")
    (tmp_path / ".infdit-pipe-link.lock").symlink_to("file")
    (tmp_path / ".infdit-pipe-alone").mkdir()
    before = names(tmp_path)
    with scratch_folder(tmp_path):
        pass
    assert names(tmp_path) == before
    assert (tmp_path / "file").read_text() == "text"


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="/proc is a folder where nobody can make a file")
def test_a_folder_where_no_file_can_be_made_is_refused():
    with pytest.raises(OutputNotWritable, match="/proc: "), scratch_folder(Path("/proc")):
        pass


def test_the_folder_around_it_must_be_there(tmp_path):
    with pytest.raises(OutputNotWritable, match="no such folder"), scratch_folder(tmp_path / "gone"):
        pass
