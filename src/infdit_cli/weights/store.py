"""The weights on this machine: where each entry's file is, whether it is whole, how to be rid of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from filelock import FileLock, Timeout

from infdit_cli.errors import JobLocked, MissingWeights, WeightsError
from infdit_cli.events import BytesDone, OnEvent
from infdit_cli.files import is_disk_full, is_there, is_there_a_file
from infdit_cli.settings import Settings
from infdit_cli.weights.digest import fingerprint
from infdit_cli.weights.entry import Entry, Fingerprint, OnDisk
from infdit_cli.weights.partial import note_of
from infdit_cli.weights.pins import Pin, Pins


class Store:
    """Files of entries, and what is pinned about them.

    Args:
        settings: Names the folders.
    """

    def __init__(self, settings: Settings) -> None:
        self.folder = settings.cache_dir / "weights"
        self.pins = Pins(settings)

    def find(self, entry: Entry) -> Path | None:
        """Return the file that ``infdit`` would load, if it is there."""
        if isinstance(entry.source, OnDisk):
            path: Path | None = entry.source.path
        else:
            pin = self.pins.read(entry.name)
            path = pin.path if pin else None
        return path if path and is_there_a_file(path) else None

    def path(self, entry: Entry) -> Path:
        """Return the file that ``infdit`` would load.

        Raises:
            MissingWeights: If it is not there; the hint says how to get it.
        """
        found = self.find(entry)
        if found:
            return found
        if isinstance(entry.source, OnDisk):
            raise MissingWeights(f"the weights {entry.name} should be {entry.source.path}: no such file")
        raise MissingWeights(
            f"the weights {entry.name} are not on this machine",
            hint=f"infdit weights pull {entry.name}{_or(entry)}",
        )

    def verify(self, entry: Entry, on_event: OnEvent) -> Fingerprint:
        """Read the whole file and check it against everything known about it.

        Raises:
            MissingWeights: If there is none.
            ChecksumMismatch: If it has changed, or the registry states another by now.
        """
        path = self.path(entry)
        self.check_source(entry)
        actual = fingerprint(path, checking(entry.name, path, on_event))
        expected = self.pinned(entry)
        if expected:
            expected.check(actual, str(path))
        return actual

    def check_source(self, entry: Entry) -> None:
        """Hold what was pulled against what the registry states by now.

        Raises:
            ChecksumMismatch: If the file was pulled as another.
        """
        pin = None if isinstance(entry.source, OnDisk) else self.pins.read(entry.name)
        if pin:
            entry.fingerprint.check(pin.source, f"{entry.name}, as it was pulled,")

    def pinned(self, entry: Entry) -> Fingerprint | None:
        """Return what the entry's file on this machine must be."""
        if isinstance(entry.source, OnDisk):
            return entry.fingerprint
        pin = self.pins.read(entry.name)
        return pin.file if pin else None

    def remove(self, entry: Entry, *, forget: bool) -> tuple[Path, ...]:
        """Delete what was pulled, half-done downloads too, and return the deleted files.

        Args:
            entry: What to delete.
            forget: Drop the pinned digest as well, so that the next pull may find other bytes.

        Raises:
            WeightsError: If the entry's file was never pulled: it belongs to the package or the user.
            JobLocked: If it is being pulled.
        """
        if isinstance(entry.source, OnDisk):
            raise WeightsError(
                f"{entry.name} is {entry.source.path}, which was not pulled and is not removed"
            )

        def refuse() -> NoReturn:
            raise JobLocked(f"{entry.name} is being pulled", hint="wait for it, or stop it")

        with self.alone(entry, on_busy=refuse):
            removed = self._delete(entry)
            pin = self.pins.read(entry.name)
            if pin:
                self.pins.write(entry.name, None if forget else Pin(source=pin.source))
        return removed

    @contextmanager
    def alone(self, entry: Entry, *, on_busy: Callable[[], None]) -> Iterator[None]:
        """Let one process at a time change the files of an entry, in a folder that is made.

        Args:
            entry: Whose files.
            on_busy: Called once if another process holds the lock; may raise to give up instead of waiting.

        Raises:
            WeightsError: If the system says something against working in the folder, in the block, too.
        """
        with _usable(self.folder):
            lock = FileLock(self.folder / f".{entry.name}.lock")
            try:
                lock.acquire(timeout=0)
            except Timeout:
                on_busy()
                lock.acquire()
            try:
                yield
            finally:
                lock.release()

    def _delete(self, entry: Entry) -> tuple[Path, ...]:
        found = self.find(entry)
        files = [found] if found else []
        files += [path for path in self.scratch(entry) if is_there(path)]
        for path in files:
            try:
                # A file in the hub's cache is a link to a blob: the blob is what takes the room.
                path.resolve().unlink()
                path.unlink(missing_ok=True)
            except OSError as err:
                raise WeightsError(f"{path}: cannot be removed: {err.strerror}") from err
        return tuple(files)

    def ready(self, entry: Entry) -> Path:
        """Return the name that a pulled or converted file gets in the cache."""
        return self.folder / f"{entry.name}.safetensors"

    def partial(self, entry: Entry) -> Path:
        """Return where a download gathers."""
        return self.folder / f"{entry.name}.partial"

    def scratch(self, entry: Entry) -> tuple[Path, ...]:
        """Return the files that an unfinished pull may have left."""
        partial = self.partial(entry)
        return partial, note_of(partial), self.converting(entry)

    def converting(self, entry: Entry) -> Path:
        """Return where a conversion grows."""
        return self.folder / f"{entry.name}.converting"


@contextmanager
def _usable(folder: Path) -> Iterator[None]:
    """Make the folder, and word what the system says against working in it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as err:
        if is_disk_full(err):
            raise  # known to everybody, and worded in one place
        raise WeightsError(
            f"{folder} cannot be used: {err}", hint="set INFDIT_CACHE_DIR to a folder of yours"
        ) from err


def checking(name: str, path: Path, on_event: OnEvent) -> Callable[[int], None]:
    """Return a callback that reports how much of ``path`` is read."""
    total = path.stat().st_size

    def report(done: int) -> None:
        on_event(BytesDone("checking", name, done, total))

    return report


def _or(entry: Entry) -> str:
    if entry.format != "original":
        return ""
    return (
        f", or convert the authors' file: infdit weights convert FILE.pt {entry.name}.safetensors"
        f" and give --weights {entry.name}.safetensors"
    )
