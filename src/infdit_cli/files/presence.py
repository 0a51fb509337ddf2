"""Whether something is there, by questions that never raise.

``Path.exists()`` and its like raise where one may not look and for names that are too long; there
nothing is, and who opens the path says why.
"""

from __future__ import annotations

import os
from pathlib import Path


def is_there(path: Path) -> bool:
    """Tell whether anything is at ``path``."""
    return os.path.exists(path)  # noqa: PTH110


def is_there_a_folder(path: Path | str) -> bool:
    """Tell whether a folder is at ``path``."""
    return os.path.isdir(path)  # noqa: PTH112


def is_there_a_file(path: Path) -> bool:
    """Tell whether a plain file is at ``path``."""
    return os.path.isfile(path)  # noqa: PTH113
