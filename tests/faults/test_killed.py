"""Processes that are killed: at random instants, and before each thing that they do to a file."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

KILLING = Path(__file__).parents[1] / "support" / "killing.py"

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that fork")


def kill(folder, *how):
    """Return the visits that each run did again; pictures and leftovers are checked on the way."""
    done = subprocess.run(
        [sys.executable, KILLING, folder, *map(str, how)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_thirty_kills_at_random_instants_cost_at_most_a_row_each_and_no_pixel(tmp_path):
    redone = kill(tmp_path, "instants", 1, 30)
    assert len(redone) >= 15
    assert max(redone) < 6  # a row of three blocks, twice each


def test_a_kill_before_any_touch_of_a_file_costs_at_most_a_row_and_no_pixel(tmp_path):
    redone = kill(tmp_path, "touches")
    assert len(redone) > 30
    assert max(redone) <= 1  # a row is a visit there
