"""The host's memory is what the tightest limit leaves of it."""

import psutil

from infdit_cli.machine.host import host_limits, host_memory, tightest
from infdit_cli.memory import DeviceMemory
from support.fake_linux import V2, mounted, v2_level


def memory(total, free, source):
    return DeviceMemory(total_bytes=total, free_bytes=free, source=source)


def test_the_limit_that_leaves_least_free_is_named():
    limits = (memory(24, 3, "machine"), memory(8, 6, "container"), memory(100, 50, "ulimit"))
    assert tightest(limits) == memory(8, 3, "machine")
    assert tightest((memory(24, 20, "machine"), memory(8, 6, "container"))) == memory(8, 6, "container")


def test_the_machines_own_memory_comes_first(tmp_path):
    mounted(tmp_path, V2.format(root="/"), cgroup="0::/job")
    v2_level(tmp_path, "job", max="5000", current="1000")
    own, *limits = host_limits(tmp_path)
    assert (own.source, own.total_bytes) == ("machine", psutil.virtual_memory().total)
    assert memory(5000, 4000, "container") in limits


def test_this_process_has_memory_and_not_more_than_the_machine():
    found = host_memory()
    assert 0 < found.free_bytes <= found.total_bytes <= psutil.virtual_memory().total
