"""A .pt file made to take all time or memory is refused in a line, with little of both."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HOSTILE = Path(__file__).parents[1] / "support" / "hostile_weights.py"


@pytest.mark.skipif(sys.platform != "linux", reason="the room for memory is limited as Linux does it")
def test_files_made_to_take_all_time_or_memory_are_refused(tmp_path):
    done = subprocess.run(
        [sys.executable, HOSTILE, tmp_path],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert {name: outcome for name, (outcome, _) in report.items() if outcome != "refused"} == {}
    assert {name: seconds for name, (_, seconds) in report.items() if seconds > 10} == {}
