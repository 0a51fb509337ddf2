"""From what a person calls a checkpoint to the checkpoint."""

from __future__ import annotations

import shlex
from pathlib import Path

from infdit_cli.errors import WeightsError
from infdit_cli.files import is_there
from infdit_cli.settings import Settings
from infdit_cli.weights.checkpoint import Checkpoint, load_checkpoint
from infdit_cli.weights.registry import find_entry, read_registry
from infdit_cli.weights.store import Store

WEIGHTS_SUFFIX = ".safetensors"
_ORIGINAL_SUFFIXES = {".pt", ".pth", ".bin", ".ckpt"}


def open_weights(name: str, settings: Settings | None = None) -> Checkpoint:
    """Load a checkpoint by the name of its entry, or by a path to a safetensors file.

    Args:
        name: An entry of ``weights.toml``, or a path.
        settings: The user's folders; ``None`` reads them from the environment.

    Raises:
        UnknownWeights: If ``name`` is neither an entry nor a file.
        MissingWeights: If the entry's file is not on this machine.
        WeightsError: If the file is damaged, or is not the model that the entry means.
    """
    settings = settings or Settings.from_env()
    path = Path(name)
    if name not in read_registry(settings) and (path.suffix == WEIGHTS_SUFFIX or is_there(path)):
        return _load_path(path)
    entry = find_entry(name, settings)
    checkpoint = load_checkpoint(Store(settings).path(entry), name=name)
    entry.check_config(checkpoint.config)
    return checkpoint


def _load_path(path: Path) -> Checkpoint:
    if path.suffix in _ORIGINAL_SUFFIXES:
        raise WeightsError(
            f"{path} is a pickle, which is not run",
            hint=shlex.join(["infdit", "weights", "convert", str(path), f"{path.stem}{WEIGHTS_SUFFIX}"]),
        )
    return load_checkpoint(path)
