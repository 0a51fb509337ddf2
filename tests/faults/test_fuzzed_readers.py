"""Thousands of pictures damaged at random: each is read and written again, or refused in a line."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

FUZZING = Path(__file__).parents[1] / "support" / "fuzzing.py"


@pytest.mark.parametrize("num_inputs", [2_000, pytest.param(10_000, marks=pytest.mark.slow)])
def test_thousands_of_damaged_files_are_read_or_refused(tmp_path, num_inputs):
    done = subprocess.run(
        [sys.executable, FUZZING, tmp_path, "1", str(num_inputs)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
    )
    assert done.returncode == 0, f"a decoder crashed or hung on {tmp_path}/damaged: {done.stderr}"
    assert done.stderr == ""
    report = json.loads(done.stdout)
    assert report["findings"] == []
    assert sum(report["outcomes"].values()) == num_inputs
    assert min(report["outcomes"]["read"], report["outcomes"]["refused"]) > num_inputs // 10
