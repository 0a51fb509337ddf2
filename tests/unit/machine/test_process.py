"""What this process takes is its own, and not its parent's."""

import subprocess
import sys

import pytest

from infdit_cli.machine.process import peak_resident_bytes, resident_bytes
from support.fake_linux import write

# ru_maxrss of a process that a large one has started tells of the large one.
CHILD = "from infdit_cli.machine.process import peak_resident_bytes; print(peak_resident_bytes())"


def test_the_peak_is_at_least_what_is_there_now():
    now = resident_bytes()
    assert 0 < now <= peak_resident_bytes() * 1.01  # the kernel counts pages in batches


def test_the_peak_rises_with_what_is_used():
    before = peak_resident_bytes()
    block = bytearray(before + 100_000_000 - resident_bytes())
    assert peak_resident_bytes() >= before + 50_000_000
    del block


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux inherits it")
def test_a_large_parent_does_not_count():
    block = bytearray(300_000_000)
    done = subprocess.run([sys.executable, "-c", CHILD], capture_output=True, text=True, check=True)
    del block
    assert int(done.stdout) < 200_000_000


def test_the_figure_is_vmhwm(tmp_path):
    write(tmp_path, "proc/self/status", "VmPeak:\t 900 kB\nVmHWM:\t   500 kB\nVmRSS:\t 100 kB")
    assert peak_resident_bytes(tmp_path) == 512_000


@pytest.mark.skipif(sys.platform == "win32", reason="asks the system otherwise")
def test_without_proc_the_system_is_asked(tmp_path):
    assert peak_resident_bytes(tmp_path) > 1_000_000
