"""``ulimit -v`` and ``-d`` are limits less what is used of them and what threads will take."""

import sys

import pytest

from infdit_cli.machine import ulimits as module
from infdit_cli.machine.ulimits import Ulimit, how_to_raise, stacks_bytes, ulimits
from infdit_cli.memory import DeviceMemory
from support.fake_linux import write

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="enforced on Linux only")


def test_no_limit_is_none(tmp_path):
    assert ulimits(tmp_path, lambda _: None) == ()


def test_both_limits_know_what_is_used_of_them(tmp_path):
    write(tmp_path, "proc/self/status", "Name:\tpython\nVmSize:\t     600 kB\nVmData:\t 40 kB\nThreads:\t3")
    limits = {module.resource.RLIMIT_AS: 1_000_000, module.resource.RLIMIT_DATA: 500_000}
    assert ulimits(tmp_path, limits.get) == (
        Ulimit(flag="-v", limit_bytes=1_000_000, used_bytes=614_400),
        Ulimit(flag="-d", limit_bytes=500_000, used_bytes=40_960),
    )


def test_what_threads_stacks_will_take_is_not_free():
    limit = Ulimit(flag="-v", limit_bytes=10_000_000_000, used_bytes=1_000_000_000)
    assert limit.as_memory() == DeviceMemory(
        total_bytes=10_000_000_000, free_bytes=9_000_000_000 - stacks_bytes(), source="ulimit"
    )
    assert Ulimit(flag="-v", limit_bytes=1000, used_bytes=900).as_memory().free_bytes == 0


def test_stacks_grow_with_the_cores(monkeypatch):
    monkeypatch.setattr(module, "usable_cores", lambda: 1)
    one = stacks_bytes()
    monkeypatch.setattr(module, "usable_cores", lambda: 64)
    assert stacks_bytes() > 5 * one > 0


def test_the_advice_names_the_limit_that_is_set(monkeypatch):
    monkeypatch.setattr(module, "ulimits", lambda: (Ulimit(flag="-v", limit_bytes=2_048_000, used_bytes=0),))
    assert how_to_raise() == "raise ulimit -v (2,000 KiB)"
    monkeypatch.setattr(module, "ulimits", tuple)
    assert how_to_raise() is None
