"""The entries of every ``weights.toml``: the package's own, and the user's."""

from __future__ import annotations

import tomllib
from pathlib import Path

from infdit_cli.errors import UnknownWeights, WeightsError
from infdit_cli.settings import Settings
from infdit_cli.weights.entry import PACKAGE, Entry
from infdit_cli.weights.entry_table import parse_entry

FILE_NAME = "weights.toml"


def read_registry(settings: Settings) -> dict[str, Entry]:
    """Return every entry by name; the user's replace the package's of the same name.

    Raises:
        WeightsError: If a registry cannot be read, or an entry makes no sense.
    """
    return _read(_packaged_registry()) | _read(settings.config_dir / FILE_NAME)


def find_entry(name: str, settings: Settings, *, or_file: bool = False) -> Entry:
    """Return the entry called ``name``.

    Args:
        name: As the user typed it.
        settings: The user's folders.
        or_file: Whether a file would have done, too, which the hint then says.

    Raises:
        UnknownWeights: If there is none.
    """
    entries = read_registry(settings)
    if name not in entries:
        known = f"known: {', '.join(sorted(entries))}{'; or give a .safetensors file' * or_file}"
        several = "one model at a time: run it again with the other; " if "," in name else ""
        raise UnknownWeights(f"no weights called {name!r}", hint=several + known)
    return entries[name]


def _packaged_registry() -> Path:
    """In a wheel the file lies inside the package; an editable install reads the one at the top level."""
    packaged = PACKAGE / FILE_NAME
    return packaged if packaged.is_file() else PACKAGE.parents[1] / FILE_NAME


def _read(path: Path) -> dict[str, Entry]:
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8")).get("weights", {})
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as err:
        raise WeightsError(f"{path} cannot be read: {err}") from err
    if not isinstance(tables, dict):
        raise WeightsError(f"{path}: weights is no table of entries")
    return {name: parse_entry(name, table, path) for name, table in tables.items()}
