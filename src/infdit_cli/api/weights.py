"""The weights on this machine: list, find, verify and remove them, all without torch."""

from __future__ import annotations

from infdit_cli.events import OnEvent, ignore
from infdit_cli.results import ListedWeights, RemovedWeights, VerifiedWeights, WeightsFile, WeightsList
from infdit_cli.settings import Settings
from infdit_cli.weights import Entry, Fingerprint, Store, find_entry, read_registry


def list_weights() -> WeightsList:
    """Return every entry, and which of them are on this machine.

    Raises:
        WeightsError: If a ``weights.toml`` cannot be read.
    """
    settings = Settings.from_env()
    store = Store(settings)
    return WeightsList(weights=tuple(_listed(entry, store) for entry in read_registry(settings).values()))


def weights_path(name: str) -> WeightsFile:
    """Return where the file of an entry is.

    Raises:
        UnknownWeights: If there is no such entry.
        MissingWeights: If its file is not on this machine.
    """
    settings = Settings.from_env()
    return weights_file(find_entry(name, settings), Store(settings))


def verify_weights(name: str | None, *, on_event: OnEvent = ignore) -> VerifiedWeights:
    """Read the file of one entry, or of all that are here, and check it against its digest.

    Raises:
        ChecksumMismatch: If a file has changed.
        MissingWeights: If the named entry's file is not on this machine.
    """
    settings = Settings.from_env()
    store = Store(settings)
    here = [each for each in read_registry(settings).values() if store.find(each)]
    entries = here if name is None else [find_entry(name, settings)]
    checked = [(entry, store.verify(entry, on_event)) for entry in entries]
    return VerifiedWeights(files=tuple(weights_file(entry, store, actual) for entry, actual in checked))


def remove_weights(name: str, *, forget: bool) -> RemovedWeights:
    """Delete what was pulled for an entry.

    Args:
        name: The entry.
        forget: Drop the pinned digest, too.

    Raises:
        WeightsError: If the entry's file was never pulled.
        JobLocked: If it is being pulled.
    """
    settings = Settings.from_env()
    paths = Store(settings).remove(find_entry(name, settings), forget=forget)
    return RemovedWeights(name=name, paths=paths)


def weights_file(entry: Entry, store: Store, known: Fingerprint | None = None) -> WeightsFile:
    """Describe the file of ``entry``.

    Args:
        entry: The entry; its file is on this machine.
        store: Where to look.
        known: The file's fingerprint if it was just computed; ``None`` takes the pinned one.
    """
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
