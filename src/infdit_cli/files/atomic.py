"""An output that appears whole or not at all, and failures in words about it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infdit_cli.files.durable import replacing
from infdit_cli.files.failures import output_errors


@contextmanager
def replacing_output(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside ``path``, as ``replacing`` does.

    Raises:
        OutputError: If the system refuses to write it, or to put it in place.
    """
    with output_errors(path), replacing(path) as temporary:
        yield temporary
