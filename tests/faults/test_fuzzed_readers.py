"""Thousands of pictures damaged at random: each is read and written again, or refused in a line."""

import json
import os
import subprocess
import sys
from pathlib import Path

FUZZING = Path(__file__).parents[1] / "support" / "fuzzing.py"
NUM_INPUTS = 10_000


def test_ten_thousand_damaged_files_are_read_or_refused(tmp_path):
    done = subprocess.run(
        [sys.executable, FUZZING, tmp_path, "1", str(NUM_INPUTS)],
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
    assert sum(report["outcomes"].values()) == NUM_INPUTS
    assert min(report["outcomes"]["read"], report["outcomes"]["refused"]) > NUM_INPUTS // 10
