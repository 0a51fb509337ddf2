"""The entries of ``weights.toml``: which checkpoints exist and where they are."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

from infdit_cli.errors import UnknownWeights
from infdit_cli.weights.checkpoint import Checkpoint, load_checkpoint

PACKAGE = Path(str(files("infdit_cli")))


def read_registry() -> dict[str, dict[str, Any]]:
    """Return every ``[weights.<name>]`` table by name.

    In a wheel the file lies inside the package; an editable install reads the one at the top level.
    """
    packaged = PACKAGE / "weights.toml"
    path = packaged if packaged.is_file() else PACKAGE.parents[1] / "weights.toml"
    entries: dict[str, dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))["weights"]
    return entries


def open_weights(name: str) -> Checkpoint:
    """Load a checkpoint by the name of its entry, or by a path to a safetensors file.

    Raises:
        UnknownWeights: If ``name`` is neither an entry nor a file.
        WeightsError: If the file is damaged.
    """
    entry = read_registry().get(name)
    if entry is not None:
        return load_checkpoint(PACKAGE / entry["packaged"], name=name)
    path = Path(name)
    if path.suffix == ".safetensors" or path.exists():
        return load_checkpoint(path)
    known = ", ".join(sorted(read_registry()))
    raise UnknownWeights(f"no weights called {name!r}", hint=f"known: {known}; or give a .safetensors file")
