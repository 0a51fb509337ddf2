"""Bring an entry's file onto this machine: fetched, checked, converted if need be, and pinned."""

from __future__ import annotations

from pathlib import Path

from infdit_cli.errors import ChecksumMismatch, WeightsError
from infdit_cli.events import BytesDone, Noted, OnEvent
from infdit_cli.files import publish
from infdit_cli.weights.checkpoint import Check, load_checkpoint
from infdit_cli.weights.digest import fingerprint
from infdit_cli.weights.download import Patience, download
from infdit_cli.weights.entry import Entry, Fingerprint, Hub, OnDisk, Urls
from infdit_cli.weights.pins import Pin
from infdit_cli.weights.store import Store, checking
from infdit_cli.weights.transfer import check_free


def pull(
    entry: Entry, store: Store, on_event: OnEvent, *, check: Check, patience: Patience | None = None
) -> Path:
    """Return the entry's file on this machine, fetched if need be.

    Args:
        entry: What to fetch.
        store: Where it goes.
        on_event: Told of progress.
        check: Raises if a checkpoint's tensors are not all that its model needs.
        patience: How long to bear with a mirror.

    Raises:
        DownloadFailed: If no source gave the whole file.
        ChecksumMismatch: If its bytes are not the expected or pinned ones.
        WeightsError: If the file is whole, but is not the model that the entry means.
        DiskFull: If it does not fit.
    """
    if isinstance(entry.source, OnDisk):
        return store.path(entry)

    def tell() -> None:
        on_event(Noted(f"another infdit is pulling {entry.name}; waiting for it"))

    with store.alone(entry, on_busy=tell):
        found = store.find(entry) if _is_current(entry, store) else None
        return found or _Pull(entry, store, on_event, check).run(entry.source, patience or Patience())


def _is_current(entry: Entry, store: Store) -> bool:
    """Tell whether what was pulled is still what the registry states."""
    try:
        store.check_source(entry)
    except ChecksumMismatch:
        return False
    return True


class _Pull:
    """One pull, alone with its entry.

    Args:
        entry, store, on_event, check: As for :func:`pull`.
    """

    def __init__(self, entry: Entry, store: Store, on_event: OnEvent, check: Check) -> None:
        self.entry, self.store, self.on_event, self.check = entry, store, on_event, check
        pin = store.pins.read(entry.name)
        # What the registry states comes first: with a new release of infdit it may have learned better.
        known = entry.fingerprint
        self.expected = known if known.sha256 or not pin else pin.source

    def run(self, source: Hub | Urls, patience: Patience) -> Path:
        """Fetch, check, make ready, pin."""
        if isinstance(source, Hub):
            return self._from_hub(source)
        partial = self.store.partial(self.entry)
        actual = download(
            source.mirrors,
            partial,
            expected=self.expected,
            patience=patience,
            on_bytes=self._downloaded,
        )
        try:
            path = self._make_ready(partial, keep=False)
        except WeightsError:
            if not self.expected.sha256:  # no one vouches for these bytes, so they are not worth resuming
                self._remove_stale()
            raise
        self._remove_stale()
        return self._pin(actual, path)

    def _remove_stale(self) -> None:
        for left in self.store.scratch(self.entry):
            left.unlink(missing_ok=True)

    def _from_hub(self, source: Hub) -> Path:
        # Imported here: the hub's client takes a third of a second, and most runs need none.
        from infdit_cli.weights.hub import fetch_from_hub  # noqa: PLC0415

        fetched = fetch_from_hub(source, self._downloaded)
        actual = fingerprint(fetched, checking(self.entry.name, fetched, self.on_event))
        self.expected.check(actual, f"{source.repo}/{source.file}")
        return self._pin(actual, self._make_ready(fetched, keep=True))

    def _make_ready(self, fetched: Path, *, keep: bool) -> Path:
        """Return a file that can be loaded: the fetched one, or what it converts to.

        Args:
            fetched: The whole, checked file.
            keep: Whether the fetched file must stay where it is.
        """
        if self.entry.format == "original":
            return self._convert(fetched)
        checkpoint = load_checkpoint(fetched)
        self.entry.check_config(checkpoint.config)
        self.check(checkpoint)
        if keep:
            return fetched
        publish(fetched, self.store.ready(self.entry))
        return self.store.ready(self.entry)

    def _convert(self, fetched: Path) -> Path:
        # Imported here: it brings torch, which listing and finding weights can do without.
        from infdit_cli.weights.original import convert_file  # noqa: PLC0415

        temporary, ready = self.store.converting(self.entry), self.store.ready(self.entry)
        check_free(self.store.folder, fetched.stat().st_size)
        try:
            convert_file(fetched, temporary, entry=self.entry, check=self.check)
            publish(temporary, ready)
        finally:
            temporary.unlink(missing_ok=True)
        return ready

    def _pin(self, source: Fingerprint, path: Path) -> Path:
        file = source if self.entry.format == "infdit" else fingerprint(path)
        self.store.pins.write(self.entry.name, Pin(source=source, path=path, file=file))
        return path

    def _downloaded(self, done_bytes: int, total_bytes: int | None) -> None:
        self.on_event(BytesDone("downloading", self.entry.name, done_bytes, total_bytes))
