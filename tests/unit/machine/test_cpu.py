"""The processor as ``/proc/cpuinfo`` shows it."""

import os

from infdit_cli.machine.cpu import cpu_flags, cpu_name, num_cores, usable_cores
from support.fake_linux import write


def test_the_first_processor_speaks_for_all(tmp_path):
    text = "processor\t: 0\nmodel name\t: Some CPU\nflags\t: fpu avx2\n\nprocessor\t: 1\nmodel name\t: B"
    write(tmp_path, "proc/cpuinfo", text)
    assert cpu_name(tmp_path) == "Some CPU"
    assert cpu_flags(tmp_path) == {"fpu", "avx2"}


def test_arm_calls_them_features(tmp_path):
    write(tmp_path, "proc/cpuinfo", "processor\t: 0\nFeatures\t: fp asimd bf16")
    assert cpu_flags(tmp_path) == {"fp", "asimd", "bf16"}


def test_a_system_without_cpuinfo_has_a_name_still(tmp_path):
    assert cpu_flags(tmp_path) == frozenset()
    assert cpu_name(tmp_path)


def test_no_more_cores_than_there_are():
    assert 1 <= num_cores() <= usable_cores() <= os.cpu_count()
