"""``infdit bench`` as a process with processes of its own."""

import json
import subprocess
import sys

from infdit_cli.results import BenchResult

# The process that waits holds no torch: its memory is taken from the others.
PROBE = """
import sys
from infdit_cli.app import run
code = run(sys.argv[1:])
print("torch" in sys.modules, file=sys.stderr)
sys.exit(code)
"""


def test_a_quick_run_measures_writes_and_plots(tmp_path):
    argv = ["bench", "--quick", "--json", "-o", "r.json", "--plot", "p.png", "--spool", "."]
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *argv],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    row_told, has_torch = done.stderr.splitlines()
    assert row_told.startswith("256×256 px: ")
    assert has_torch == "False"
    envelope = json.loads(done.stdout)
    result = BenchResult.from_dict(envelope["result"])
    assert result.to_dict() == BenchResult.from_dict(json.loads((tmp_path / "r.json").read_text())).to_dict()
    [row] = result.measured
    assert row.size_px == 256
    assert row.peak_bytes < 2 * row.planned_bytes
    assert sorted(path.name for path in tmp_path.iterdir()) == ["p.png", "r.json"]
