"""Bytes as a person reads them: files by thousands, memory by powers of two."""

import pytest

from infdit_cli import amounts


@pytest.mark.parametrize(
    ("num_bytes", "words"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1000, "1 kB"),
        (6_712_345, "6.7 MB"),
        (700_000_000, "700 MB"),
        (999_600_000, "1 GB"),
        (48_383_639_552, "48.4 GB"),
        (10_855_311_013_476, "10.9 TB"),
        (1_500_000_000_000_000, "1,500 TB"),
    ],
)
def test_files_and_disks(num_bytes, words):
    assert amounts.size(num_bytes) == words


@pytest.mark.parametrize(
    ("num_bytes", "words"),
    [
        (5, "5 bytes"),
        (1536, "1.5 KiB"),
        (380 << 20, "380 MiB"),
        (1023 << 20, "1,023 MiB"),
        (1 << 30, "1 GiB"),
        (int(16.4 * 2**30), "16.4 GiB"),
        (3 << 40, "3 TiB"),
    ],
)
def test_memory(num_bytes, words):
    assert amounts.memory(num_bytes) == words


@pytest.mark.parametrize(
    ("num_bytes", "needed", "allowed"),
    [
        (0, "0 MiB", "0 MiB"),
        (1, "1 MiB", "0 MiB"),
        (5 << 20, "5 MiB", "5 MiB"),
        ((5_804 << 20) + 1, "5,805 MiB", "5,804 MiB"),
    ],
)
def test_needs_are_rounded_up_and_limits_down(num_bytes, needed, allowed):
    assert (amounts.needed_memory(num_bytes), amounts.allowed_memory(num_bytes)) == (needed, allowed)
