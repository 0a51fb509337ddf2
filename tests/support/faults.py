"""Real conditions under which writing fails."""

from __future__ import annotations

import resource
from contextlib import contextmanager


@contextmanager
def file_size_limit(num_bytes):
    """Let no file of this process grow beyond ``num_bytes``; Python ignores the signal that comes with it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (num_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
