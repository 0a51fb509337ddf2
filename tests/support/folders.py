"""Folders that cannot be looked into; permissions hold nothing back from root."""

import os
from pathlib import Path


def refuse_folder(monkeypatch, closed: Path) -> None:
    """Let the system refuse to list ``closed``."""
    real = os.scandir

    def scandir(path):
        if Path(path) == closed:
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr("os.scandir", scandir)
