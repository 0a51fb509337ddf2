"""Where an output goes when the user does not say it in full."""

import os
from pathlib import Path


def destination_of(source: Path, output: Path | None, scale: int) -> Path:
    """Return the file asked for, or the default name in the folder asked for or beside the input."""
    if output is None:
        return source.parent / default_name(source, scale)
    # Not Path.is_dir(): where it may not look it raises, and the api is to say so in its own words.
    is_folder = os.path.isdir(output)  # noqa: PTH112
    return output / default_name(source, scale) if is_folder else output


def default_name(source: Path, scale: int) -> str:
    """Return ``photo_x4.png`` for ``photo.jpg``: PNG loses nothing and holds every kind of pixel."""
    return f"{source.stem}_x{scale}.png"
