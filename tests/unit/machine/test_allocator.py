"""Freed memory is the system's again; in processes of their own, whose allocators start afresh."""

import platform
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other libraries have no settings")

# One large block freed, and glibc takes the next ones from its heap, where small ones hold them in place.
KEPT_AFTER_FREEING = """
from infdit_cli.machine.allocator import give_back_freed, return_large_blocks
from infdit_cli.machine.process import resident_bytes
{before}
block = b"1" * (10 << 20)
del block
start, blocks, held = resident_bytes(), [], []
for _ in range(8):
    blocks.append(b"1" * (10 << 20))
    held.append(b"1" * (100 << 10))
del blocks
{after}
print(resident_bytes() - start)
"""


def kept_after_freeing(*, before="", after=""):
    code = KEPT_AFTER_FREEING.format(before=before, after=after)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    return int(done.stdout)


def test_freed_blocks_are_kept_unless_the_allocator_is_told():
    assert kept_after_freeing() > 60 << 20


def test_large_blocks_are_returned_when_they_are_freed():
    assert kept_after_freeing(before="return_large_blocks()") < 10 << 20


def test_what_was_freed_is_given_back_on_demand():
    assert kept_after_freeing(after="give_back_freed()") < 10 << 20
