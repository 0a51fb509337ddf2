"""An output that appears whole or not at all, and failures in words about it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infdit_cli.files.durable import replacing
from infdit_cli.files.failures import already_exists, output_errors


@contextmanager
def replacing_output(path: Path, *, overwrite: bool = True) -> Iterator[Path]:
    """Yield a temporary path beside ``path``, as ``replacing`` does.

    Raises:
        OutputExists: If something is there at the end, and ``overwrite`` is false.
        OutputError: If the system refuses to write it, or to put it in place.
    """
    with output_errors(path):
        try:
            with replacing(path, overwrite=overwrite) as temporary:
                yield temporary
        except FileExistsError as err:
            raise already_exists(path) from err
