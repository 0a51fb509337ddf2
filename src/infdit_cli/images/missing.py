"""What may have been meant by the name of a picture that is not there."""

from __future__ import annotations

from pathlib import Path


def hint_for_missing(path: Path) -> str | None:
    """Return what to type instead; ``None`` if nothing about the name tells."""
    hint = wildcard_hint(path)
    if hint or path.suffix:
        return hint
    return f'a name with spaces needs quotes, as in "{path.name} 1.jpg"'


def wildcard_hint(path: Path) -> str | None:
    """Return how to name what a wildcard means; ``cmd`` and PowerShell hand it over as it is."""
    if not {"*", "?"} & set(path.name):
        return None
    return f'name the folder, as in infdit upscale "{path.parent}" --pattern "{path.name}" -o DIR'
