"""Where an output goes when the user does not say it in full."""

import os
from pathlib import Path

from infdit_cli.target import Target


def destination_of(source: Path, output: Path | None, target: Target) -> Path:
    """Return the file asked for, or the default name in the folder asked for or beside the input."""
    if output is None:
        return source.parent / default_name(source, target)
    # Not Path.is_dir(): where it may not look it raises, and the api is to say so in its own words.
    is_folder = os.path.isdir(output)  # noqa: PTH112
    return output / default_name(source, target) if is_folder else output


def default_name(source: Path, target: Target) -> str:
    """Return ``photo_x4.png`` or ``photo_w2048.png`` for ``photo.jpg``.

    PNG loses nothing and holds every kind of pixel.
    """
    return f"{source.stem}_{target.label}.png"
