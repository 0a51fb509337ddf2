"""One process at a time makes a file; what killed ones left of it goes, and nothing else does."""

import os
import subprocess
import sys

import pytest

from infdit_cli.errors import JobLocked
from infdit_cli.files import replacing, sole_maker

KILLED = """
import os, sys
from pathlib import Path
from infdit_cli.files import replacing, sole_maker

path = Path(sys.argv[1])
with sole_maker(path), replacing(path) as temporary:
    temporary.write_text("half")
    os.kill(os.getpid(), 9)
"""


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.skipif(os.name != "posix", reason="kills as POSIX does")
def test_what_a_killed_process_left_goes_with_the_next_one(tmp_path):
    path, other = tmp_path / "x.safetensors", tmp_path / "y.safetensors"
    for each in (path, other):
        subprocess.run([sys.executable, "-c", KILLED, str(each)], check=False)
    of_other = [name for name in names(tmp_path) if name.endswith(".safetensors")]
    assert len(names(tmp_path)) == 4
    with sole_maker(path), replacing(path) as temporary:
        temporary.write_text("whole")
    assert path.read_text() == "whole"
    assert len(names(tmp_path)) == 3
    with sole_maker(other):
        pass
    assert names(tmp_path) == ["x.safetensors"]
    assert len(of_other) == 2


def test_a_second_maker_is_refused_and_takes_nothing_away(tmp_path):
    path = tmp_path / "x.safetensors"
    with sole_maker(path), replacing(path) as temporary:
        temporary.write_text("first")
        with (
            pytest.raises(JobLocked, match=r"x\.safetensors: is already being written"),
            sole_maker(path),
        ):
            pass
        assert temporary.exists()
    with sole_maker(path):
        assert path.read_text() == "first"
    assert names(tmp_path) == ["x.safetensors"]
