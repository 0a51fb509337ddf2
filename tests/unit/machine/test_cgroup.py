"""Limits of containers are found at every level, in both versions."""

import pytest

from infdit_cli.machine.cgroup import container_limits
from infdit_cli.memory import DeviceMemory
from support.fake_linux import OTHER, V1, V2, WITHOUT_SOURCE, mounted, v1_level, v2_level, write

UNLIMITED_V1 = 9_223_372_036_854_771_712


def limit(total, free):
    return DeviceMemory(total_bytes=total, free_bytes=free, source="container")


def test_a_process_in_no_container_has_no_limits(tmp_path):
    mounted(tmp_path, V2.format(root="/"), cgroup="0::/user.slice")
    v2_level(tmp_path, "user.slice", max="max", high="max", current="1000")
    assert container_limits(tmp_path) == ()


def test_a_machine_without_cgroups_has_no_limits(tmp_path):
    assert container_limits(tmp_path) == ()


def test_nested_limits_are_all_found_innermost_first(tmp_path):
    mounted(tmp_path, V2.format(root="/"), cgroup="0::/outer/middle/inner")
    v2_level(tmp_path, "outer", max="4000", current="3500", stat="anon 1\ninactive_file 100")
    v2_level(tmp_path, "outer/middle", max="max", current="3000")
    v2_level(tmp_path, "outer/middle/inner", max="8000", current="1000", stat="inactive_file 0")
    v2_level(tmp_path, "outer/other", max="1", current="1")
    assert container_limits(tmp_path) == (limit(8000, 7000), limit(4000, 600))


@pytest.mark.parametrize(("high", "total"), [("3000", 3000), ("max", 5000), ("9000", 5000)])
def test_the_smaller_of_max_and_high_counts(tmp_path, high, total):
    mounted(tmp_path, V2.format(root="/"), cgroup="0::/job")
    v2_level(tmp_path, "job", max="5000", high=high, current="1000")
    assert container_limits(tmp_path) == (limit(total, total - 1000),)


def test_a_container_that_sees_itself_as_the_root(tmp_path):
    mounted(tmp_path, V2.format(root="/"), cgroup="0::/")
    v2_level(tmp_path, ".", max="5000", current="6000")
    assert container_limits(tmp_path) == (limit(5000, 0),)


def test_a_mount_that_shows_only_the_containers_own_part(tmp_path):
    mounted(tmp_path, V1.format(root="/docker/abc"), cgroup="4:memory:/docker/abc/job")
    v1_level(tmp_path, ".", limit=8000, usage=5000, cache=500)
    v1_level(tmp_path, "job", limit=9000, usage=1000)
    assert container_limits(tmp_path) == (limit(9000, 8000), limit(8000, 3500))


def test_a_process_outside_of_what_the_mount_shows_is_held_by_the_mount(tmp_path):
    mounted(tmp_path, V2.format(root="/"), cgroup="0::/../elsewhere")
    v2_level(tmp_path, ".", max="5000", current="0")
    assert limit(5000, 5000) in container_limits(tmp_path)


def test_version_1_without_a_limit_is_no_limit(tmp_path):
    mounted(tmp_path, OTHER, V1.format(root="/"), cgroup="4:memory:/job\n1:cpu:/elsewhere\n0::/")
    v1_level(tmp_path, ".", limit=UNLIMITED_V1, usage=5000)
    v1_level(tmp_path, "job", limit=UNLIMITED_V1, usage=5000)
    assert container_limits(tmp_path) == ()


def test_both_versions_at_once(tmp_path):
    unified = V2.format(root="/").replace("/sys/fs/cgroup", "/sys/fs/cgroup/unified")
    mounted(tmp_path, V1.format(root="/"), unified, cgroup="4:cpu,memory:/job\n0::/job")
    v1_level(tmp_path, "job", limit=7000, usage=0)
    v2_level(tmp_path, "unified/job", max="6000", current="0")
    assert set(container_limits(tmp_path)) == {limit(7000, 7000), limit(6000, 6000)}


def test_a_mount_whose_source_is_empty_is_passed_over(tmp_path):
    mounted(tmp_path, WITHOUT_SOURCE, V2.format(root="/"), cgroup="0::/")
    v2_level(tmp_path, ".", max="5000", current="0")
    assert container_limits(tmp_path) == (limit(5000, 5000),)


def test_a_level_that_cannot_be_read_is_passed_over(tmp_path):
    mounted(tmp_path, V2.format(root="/"), cgroup="0::/outer/gone")
    v2_level(tmp_path, "outer", max="4000", current="nonsense")
    write(tmp_path, "sys/fs/cgroup/memory.max", "")
    assert container_limits(tmp_path) == (limit(4000, 4000),)
