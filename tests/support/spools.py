"""Raw pictures that are gone after a test has encoded them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infdit_cli.files import hidden_name
from infdit_cli.geometry import Size
from infdit_cli.tiles import PixelFormat, Spool


@contextmanager
def spool_in(folder: Path, size: Size, pixel_format: PixelFormat) -> Iterator[Spool]:
    """Yield an open spool in ``folder``, hidden; a job removes it with its folder."""
    spool = Spool(folder / hidden_name(".raw"), size, pixel_format)
    try:
        with spool:
            yield spool
    finally:
        spool.path.unlink(missing_ok=True)
