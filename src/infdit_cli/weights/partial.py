"""A download that is not whole yet, and what lies beside it."""

from __future__ import annotations

from pathlib import Path


def note_of(partial: Path) -> Path:
    """Return where it is noted which address ``partial`` comes from."""
    return partial.with_name(f"{partial.name}.json")
