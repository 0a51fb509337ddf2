"""A header that tells of a model beyond the machine's memory takes none of it."""

import subprocess
import sys
from dataclasses import replace

import pytest

from support.pipelines import RESIDUAL

LARGE = (
    {"num_layers": 256},
    {"hidden_size": 65_536, "mlp_ratio": 64},
    {"block_px": 8192},
    {"vector_dim": 65_536},
    {"base": replace(RESIDUAL.base, channels=65_536)},
)
TAKES_NO_MEMORY = f"""
import resource
from dataclasses import replace
from infdit_cli.config import BaseConfig, ModelConfig
from infdit_cli.errors import UnknownKeys
from infdit_cli.model import Network

taken = next(int(line.split()[1]) << 10 for line in open("/proc/self/status") if line.startswith("VmSize"))
resource.setrlimit(resource.RLIMIT_AS, (taken + (1 << 29),) * 2)
for change in {LARGE!r}:
    try:
        Network.from_tensors(replace({RESIDUAL!r}, **change), {{}})
    except UnknownKeys as err:
        print(err.message)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="limits on memory are Linux's")
def test_a_model_that_is_larger_than_its_tensors_takes_no_memory():
    ran = subprocess.run([sys.executable, "-c", TAKES_NO_MEMORY], capture_output=True, text=True, check=False)
    assert ran.stdout.count("the weights do not fit their model") == len(LARGE), ran.stderr
