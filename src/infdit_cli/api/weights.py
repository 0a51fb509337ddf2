"""Everything ``infdit weights`` does: list, pull, find, verify, remove, convert."""

from __future__ import annotations

import errno
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import torch
from safetensors import SafetensorError

from infdit_cli.errors import OutputExists, OutputNotWritable
from infdit_cli.events import OnEvent
from infdit_cli.model import Network
from infdit_cli.results import (
    ConvertedWeights,
    ListedWeights,
    RemovedWeights,
    VerifiedWeights,
    WeightsFile,
    WeightsFiles,
    WeightsList,
)
from infdit_cli.settings import Settings
from infdit_cli.weights import (
    Checkpoint,
    Entry,
    Fingerprint,
    Store,
    convert_file,
    find_entry,
    fingerprint,
    publish,
    pull,
    read_registry,
)


def list_weights() -> WeightsList:
    """Return every entry, and which of them are on this machine.

    Raises:
        WeightsError: If a ``weights.toml`` cannot be read.
    """
    settings = Settings.from_env()
    store = Store(settings)
    return WeightsList(weights=tuple(_listed(entry, store) for entry in read_registry(settings).values()))


def pull_weights(names: Sequence[str], *, on_event: OnEvent) -> WeightsFiles:
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
    return WeightsFiles(files=tuple(_file(entry, store) for entry in entries))


def weights_path(name: str) -> WeightsFile:
    """Return where the file of an entry is.

    Raises:
        UnknownWeights: If there is no such entry.
        MissingWeights: If its file is not on this machine.
    """
    settings = Settings.from_env()
    return _file(find_entry(name, settings), Store(settings))


def verify_weights(name: str | None, *, on_event: OnEvent) -> VerifiedWeights:
    """Read the file of one entry, or of all that are here, and hold it against its digest.

    Raises:
        ChecksumMismatch: If a file has changed.
        MissingWeights: If the named entry's file is not on this machine.
    """
    settings = Settings.from_env()
    store = Store(settings)
    here = [each for each in read_registry(settings).values() if store.find(each)]
    entries = here if name is None else [find_entry(name, settings)]
    checked = [(entry, store.verify(entry, on_event)) for entry in entries]
    return VerifiedWeights(files=tuple(_file(entry, store, actual) for entry, actual in checked))


def remove_weights(name: str, *, forget: bool) -> RemovedWeights:
    """Delete what was pulled for an entry.

    Args:
        name: The entry.
        forget: Drop the pinned digest, too.

    Raises:
        WeightsError: If the entry's file was never pulled.
    """
    settings = Settings.from_env()
    paths = Store(settings).remove(find_entry(name, settings), forget=forget)
    return RemovedWeights(name=name, paths=paths)


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
        OutputError: If the destination cannot be written.
    """
    entry = find_entry(like, Settings.from_env()) if like else None
    _check_destination(destination, overwrite=overwrite)
    with _appearing(destination) as temporary:
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


@contextmanager
def _appearing(destination: Path) -> Iterator[Path]:
    """Yield a temporary path; what is written there gets its name at the end, or goes with the failure."""
    temporary = destination.with_name(f".infdit-{secrets.token_hex(8)}{destination.suffix}")
    try:
        yield temporary
        publish(temporary, destination)
    except (OSError, SafetensorError) as err:
        if isinstance(err, OSError) and err.errno == errno.ENOSPC:
            raise  # known to everybody, and worded in one place
        raise OutputNotWritable(f"{destination} cannot be written: {err}") from err
    finally:
        temporary.unlink(missing_ok=True)


def _check_fits(checkpoint: Checkpoint) -> None:
    """Build the model without memory and hold the tensors' names and shapes against it."""
    with torch.device("meta"):
        shapes = {name: torch.empty(tensor.shape) for name, tensor in checkpoint.tensors.items()}
        Network.from_tensors(checkpoint.config, shapes)


def _check_destination(destination: Path, *, overwrite: bool) -> None:
    if not destination.parent.is_dir():
        raise OutputNotWritable(f"{destination.parent} is no folder")
    if destination.exists() and not overwrite:
        raise OutputExists(f"{destination} exists already", hint="add --overwrite to replace it")


def _file(entry: Entry, store: Store, known: Fingerprint | None = None) -> WeightsFile:
    path = store.path(entry)
    known = known or store.pinned(entry)
    return WeightsFile(
        name=entry.name, path=path, size_bytes=path.stat().st_size, sha256=known.sha256 if known else None
    )


def _listed(entry: Entry, store: Store) -> ListedWeights:
    path = store.find(entry)
    return ListedWeights(
        name=entry.name,
        description=entry.description,
        licence=entry.licence,
        source=entry.source.described,
        path=path,
        parameters=entry.parameters,
        size_bytes=path.stat().st_size if path else entry.fingerprint.size_bytes,
        memory_bytes=entry.memory_bytes,
        sampler=entry.sampler.name if entry.sampler else None,
        steps=entry.sampler.steps if entry.sampler else None,
    )
