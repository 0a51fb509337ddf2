"""Refuse an output inside the folder that a job takes its photos from."""

from __future__ import annotations

import os
from pathlib import Path

from infdit_cli.errors import OptionError
from infdit_cli.files import output_errors, resolved


def check_outside_data(option: str, path: Path, data: Path) -> None:
    """Fail if ``path`` lies in ``data``, links followed: the next run would take it for a photo.

    Args:
        option: That named ``path``.
        path: What will be written.
        data: The folder of the photos.

    Raises:
        OptionError: If so.
        OutputError: If links lead in a circle.
    """
    with output_errors(path):
        place = resolved(path)
    if place.is_relative_to(os.path.realpath(data)):
        raise OptionError(
            f"{option} is {path}, in the folder of the photos: the next run would take it for one of them",
            hint="choose a place beside them",
        )
