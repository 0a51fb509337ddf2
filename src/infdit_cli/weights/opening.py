"""From what a person calls a checkpoint to the checkpoint."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from infdit_cli.errors import OptionError, WeightsError
from infdit_cli.files import is_there
from infdit_cli.settings import Settings
from infdit_cli.weights.checkpoint import Checkpoint, load_checkpoint
from infdit_cli.weights.entry import Entry
from infdit_cli.weights.mixing import mixed
from infdit_cli.weights.registry import find_entry, read_registry
from infdit_cli.weights.store import Store

WEIGHTS_SUFFIX = ".safetensors"
_ORIGINAL_SUFFIXES = {".pt", ".pth", ".bin", ".ckpt"}


def open_weights(
    weights: str | Path, settings: Settings | None = None, *, restore: float = 0.0
) -> Checkpoint:
    """Load a checkpoint by the name of its entry, or by a path to a safetensors file.

    Args:
        weights: An entry of ``weights.toml``, or a path.
        settings: The user's folders; ``None`` reads them from the environment.
        restore: Share of the weights of the entry's restorer, 0 to 1.

    Raises:
        OptionError: If it is to restore, and has no restorer.
        UnknownWeights: If ``weights`` is neither an entry nor a file.
        MissingWeights: If the entry's file is not on this machine.
        WeightsError: If the file is damaged, or is not the model that the entry means.
    """
    settings = settings or Settings.from_env()
    name, path = str(weights), Path(weights)
    entries = read_registry(settings)
    if name not in entries and (path.suffix == WEIGHTS_SUFFIX or is_there(path)):
        checkpoint = _load_path(path)
        if restore:
            raise _has_no_restorer(name)
        return checkpoint
    entry = find_entry(name, settings, or_file=True)
    if not restore:
        return _load_entry(entry, settings)
    restorer = _load_restorer(entry, entries, settings)
    if restore == 1:
        return replace(restorer, name=name, restore=restore)
    return mixed(_load_entry(entry, settings), restorer, restore)


def has_restorer(weights: str | Path, settings: Settings | None = None) -> bool:
    """Tell whether ``weights`` is an entry with another one that restores what it keeps.

    Raises:
        WeightsError: If a registry is damaged.
    """
    entry = read_registry(settings or Settings.from_env()).get(str(weights))
    return entry is not None and entry.restorer is not None


def _load_entry(entry: Entry, settings: Settings) -> Checkpoint:
    checkpoint = load_checkpoint(Store(settings).path(entry), name=entry.name)
    entry.check_config(checkpoint.config)
    return checkpoint


def _load_restorer(entry: Entry, entries: Mapping[str, Entry], settings: Settings) -> Checkpoint:
    if entry.restorer is None:
        raise _has_no_restorer(entry.name)
    if entry.restorer not in entries:
        raise WeightsError(f"[weights.{entry.name}] names the restorer {entry.restorer}, which is no entry")
    restorer = _load_entry(entries[entry.restorer], settings)
    if not restorer.config.restores:
        raise WeightsError(
            f"[weights.{entry.name}] names the restorer {entry.restorer}, which was not trained on damage"
        )
    return restorer


def _has_no_restorer(name: str) -> OptionError:
    return OptionError(
        f"--restore is for models that have a second one to restore, and {name} has none",
        hint="leave it out, or use --weights compact",
    )


def _load_path(path: Path) -> Checkpoint:
    if path.suffix in _ORIGINAL_SUFFIXES:
        raise WeightsError(
            f"{path} is a pickle, which is not run",
            hint=shlex.join(["infdit", "weights", "convert", str(path), f"{path.stem}{WEIGHTS_SUFFIX}"]),
        )
    return load_checkpoint(path)
