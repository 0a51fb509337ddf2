"""A benchmark on a CUDA device: its memory and the host's are two accounts."""

import json
import subprocess
import sys

import pytest

from infdit_cli.results import BenchResult

pytestmark = pytest.mark.gpu

MIB = 1 << 20


def test_the_gpu_and_the_host_have_an_account_each():
    command = [sys.executable, "-m", "infdit_cli", "bench", "--quick", "--device", "cuda", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stderr
    result = BenchResult.from_dict(json.loads(done.stdout)["result"])
    assert result.machine.gpu
    assert result.model.device.startswith("cuda")
    [row] = result.measured
    assert 0 < row.peak_bytes <= row.reserved_bytes
    assert row.peak_bytes <= 1.1 * row.planned_bytes + 64 * MIB
    assert row.planned_host_bytes > 0
    assert row.peak_host_bytes != row.peak_bytes
    assert row.peak_share > 0
