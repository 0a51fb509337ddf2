"""How weights get onto this machine: pulled or converted, and checked against the model they are for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch

from infdit_cli.api.weights import weights_file
from infdit_cli.errors import OptionError
from infdit_cli.events import OnEvent, ignore
from infdit_cli.files import check_destination, check_folder, replacing_output, sole_maker
from infdit_cli.model import Network
from infdit_cli.results import ConvertedWeights, WeightsFiles
from infdit_cli.settings import Settings
from infdit_cli.unallocated import unallocated
from infdit_cli.weights import WEIGHTS_SUFFIX, Checkpoint, Store, find_entry, fingerprint, pull
from infdit_cli.weights.original import convert_file


def pull_weights(names: Sequence[str], *, on_event: OnEvent = ignore) -> WeightsFiles:
    """Fetch the files of entries, one after the other; those that are here already are left alone.

    Raises:
        UnknownWeights: If there is no entry of a name; then nothing is fetched.
        DownloadFailed: If no source gave the whole file.
        ChecksumMismatch: If its bytes are not the expected or pinned ones.
        WeightsError: If it is not the model that the entry means.
        DiskFull: If it does not fit.
    """
    settings = Settings.from_env()
    store = Store(settings)
    entries = [find_entry(name, settings) for name in dict.fromkeys(names)]
    for entry in entries:
        pull(entry, store, on_event, check=_check_fits)
    return WeightsFiles(files=tuple(weights_file(entry, store) for entry in entries))


def convert_weights(
    source: Path, destination: Path, *, like: str | None = None, overwrite: bool = False
) -> ConvertedWeights:
    """Convert the original's ``.pt`` file to our format; nothing in it is run.

    Args:
        source: The ``.pt`` file.
        destination: The safetensors file; it appears whole or not at all.
        like: Entry that the file must agree with; ``None`` takes its own word for its sizes.
        overwrite: Replace an existing destination.

    Raises:
        ForbiddenPickle: If the weights need more than tensors to be rebuilt.
        UnknownKeys: If tensors are foreign, missing or of a wrong shape.
        WeightsError: If the file is damaged, or is not the model that the entry means.
        OptionError: If the destination has another suffix than our format's.
        OutputError: If the destination cannot be written.
        JobLocked: If another process is writing it.
    """
    if destination.suffix != WEIGHTS_SUFFIX:
        raise OptionError(
            f"DST is {destination}; checkpoints are known by the suffix {WEIGHTS_SUFFIX}",
            hint=f"name it {destination.stem}{WEIGHTS_SUFFIX}",
        )
    entry = find_entry(like, Settings.from_env()) if like else None
    check_folder(destination.parent)
    check_destination(destination, overwrite=overwrite, source=source)
    with sole_maker(destination), replacing_output(destination, overwrite=overwrite) as temporary:
        checkpoint = convert_file(source, temporary, entry=entry, check=_check_fits)
    written = fingerprint(destination)
    return ConvertedWeights(
        source=source,
        destination=destination,
        parameters=sum(tensor.numel() for tensor in checkpoint.tensors.values()),
        image_tower=bool(checkpoint.image_tower),
        size_bytes=destination.stat().st_size,
        sha256=str(written.sha256),
    )


def _check_fits(checkpoint: Checkpoint) -> None:
    """Build the model without memory and check the tensors' names and shapes against it."""
    with unallocated():
        shapes = {name: torch.empty(tensor.shape) for name, tensor in checkpoint.tensors.items()}
        Network.from_tensors(checkpoint.config, shapes)
