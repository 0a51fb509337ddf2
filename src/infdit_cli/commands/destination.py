"""Where an output goes when the user does not say it in full."""

import os
from pathlib import Path

from infdit_cli.files import is_there_a_folder

PIPE = "-"


def destination_of(source: Path, output: Path | str | None, name: str) -> Path:
    """Return the file asked for, or ``name`` in the folder asked for or beside the input."""
    if output is None:
        return source.parent / name
    return Path(output) / name if is_folder(output) else Path(output)


def is_folder(output: Path | str) -> bool:
    """Tell whether an output is a folder, be it that it is one or that it ends like one."""
    return is_there_a_folder(output) or ends_like_a_folder(output)


def ends_like_a_folder(output: Path | str) -> bool:
    """Tell whether a slash at its end says that an output is a folder, which need not be there yet."""
    return isinstance(output, str) and output.endswith((os.sep, os.altsep or os.sep))
