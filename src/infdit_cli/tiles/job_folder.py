"""The hidden folder where everything lies that is kept while one output is being made."""

from __future__ import annotations

import json
import os
import shutil
import socket
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from filelock import FileLock

from infdit_cli.errors import InfditError, JobLocked, OutputExists
from infdit_cli.files import halves_of, mark, output_errors, sync_folder, take, unlock
from infdit_cli.tiles.writers import put_back

LOCK, OWNER, JOURNAL = "lock", "owner", "journal"
_STAT_BLOCK_BYTES = 512  # of st_blocks, whatever the file system's blocks are


class JobFolder:
    """Working files of one output, for one process at a time.

    Use it as a context manager: entering takes the lock, leaving removes the folder unless an exception is on
    its way and ``is_worth_keeping``. The lock is the operating system's, so a process that is killed never
    blocks the next one. It always lies beside the output: two runs meet there, wherever they work.

    Args:
        destination: The output; it names the folder.
        work: Folder for the working files; often the output's.

    Attributes:
        path: The hidden folder in ``work``.
        is_worth_keeping: Whether a later run could go on from what lies here.
    """

    def __init__(self, destination: Path, work: Path) -> None:
        self._destination = destination
        self._mark = mark(destination)
        self._home = destination.resolve().parent / self._mark
        self.path = work / self._mark
        self.is_worth_keeping = False
        # Not one for each thread: a batch takes it in one thread and gives it up in another.
        self._lock = FileLock(self._home / LOCK, thread_local=False)

    def __enter__(self) -> Self:
        with output_errors(self._home.parent):
            self._take()
        try:
            with output_errors(self.path.parent):
                self.path.mkdir(exist_ok=True)
            with output_errors(self._home.parent):
                self._remove_halves()
                self._remove(self._left_elsewhere())
                self._note_owner()
                sync_folder(self._home.parent)
        except BaseException:
            self._leave()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None and self.is_worth_keeping:
            if isinstance(error, OutputExists):
                self._outlive_output()
            self._lock.release()
        else:
            self._leave()

    def check_unlocked(self) -> None:
        """Fail now if another process has the lock: loading a model only to find out would be a waste.

        Raises:
            JobLocked: If so.
        """
        if (self._home / LOCK).exists():
            self._take()
            self._lock.release()

    def _outlive_output(self) -> None:
        """Make the journal newer than what has taken the output's place; see ``remove_leftovers``."""
        with suppress(OSError):
            (self.path / JOURNAL).touch()

    def clear(self) -> None:
        """Remove every working file: the next run starts from nothing.

        Raises:
            OutputError: If one cannot be removed.
        """
        with output_errors(self.path):
            self._remove(_working_files(self.path))

    def _take(self) -> None:
        if not take(self._lock):
            raise JobLocked(
                f"{self._destination}: is already being written{self._by_whom()}",
                hint="wait for it, or name another output",
            )

    def _note_owner(self) -> None:
        owner = {"pid": os.getpid(), "host": socket.gethostname(), "folder": str(self.path.resolve())}
        (self._home / OWNER).write_text(json.dumps(owner), encoding="ascii")

    def _by_whom(self) -> str:
        owner = self._owner()
        return f" by process {owner['pid']} on {owner.get('host')}" if "pid" in owner else ""

    def _left_elsewhere(self) -> Iterable[Path]:
        """Return what a run has left that worked in another folder and was broken off."""
        here = self.path.resolve()
        left = Path(self._owner().get("folder", here))
        if left.name != self._mark or left == here or not left.is_dir():
            return []
        return _working_files(left) if left.samefile(self._home) else [left]

    def _owner(self) -> dict[str, Any]:
        """Return what the last holder of the lock said about itself; nothing if that is damaged."""
        with suppress(OSError, ValueError, RecursionError):
            owner = json.loads((self._home / OWNER).read_text(encoding="ascii"))
            if isinstance(owner, dict) and isinstance(owner.get("folder"), str):
                return owner
        return {}

    def _remove_halves(self) -> None:
        """Remove half-written outputs of killed processes; whoever holds the lock is alone with them."""
        for half in halves_of(self._destination):
            put_back(half, self._destination)
            self._remove([half])

    def _leave(self) -> None:
        """Remove the folder, the lock last; what cannot be removed must not hide an error on its way."""
        with suppress(OSError):
            # First of all: without a journal nobody will look for the rest.
            (self.path / JOURNAL).unlink(missing_ok=True)
            self._remove(_working_files(self.path))
        if self.path != self._home:
            with suppress(OSError):
                self.path.rmdir()
        with suppress(OSError):
            (self._home / OWNER).unlink(missing_ok=True)
        unlock(self._lock)
        with suppress(OSError):
            self._home.rmdir()

    @staticmethod
    def _remove(paths: Iterable[Path]) -> None:
        for path in paths:
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)


def _working_files(folder: Path) -> list[Path]:
    """Return what lies in a job's folder beside the lock, which is taken, and what its holder says."""
    return [each for each in folder.iterdir() if each.name not in {LOCK, OWNER}]


def check_unlocked(destination: Path) -> None:
    """Fail now if another process is making ``destination``; names that nobody can look at are let pass.

    Raises:
        JobLocked: If so.
    """
    with suppress(OSError, ValueError):
        JobFolder(destination, destination.parent).check_unlocked()


def kept_bytes(destination: Path, work: Path) -> int:
    """Return the bytes that an earlier run left in ``work`` for ``destination``: they are used, or freed."""
    with suppress(OSError):
        return sum(_taken_bytes(each.lstat()) for each in (work / mark(destination)).rglob("*"))
    return 0


def _taken_bytes(status: os.stat_result) -> int:
    """Return what a file takes of the disk: room that was reserved for one may be a hole."""
    blocks = getattr(status, "st_blocks", None)  # Windows does not tell
    return status.st_size if blocks is None else blocks * _STAT_BLOCK_BYTES


def remove_leftovers(destination: Path, work: Path) -> None:
    """Remove what a run left that was killed between giving ``destination`` its name and cleaning up.

    An output that is older than the journal is not that run's: it is to be replaced, and the folder stays.
    """
    folder = JobFolder(destination, work)
    journal = folder.path / JOURNAL
    with suppress(OSError, InfditError):
        if folder.path.exists() and not _is_newer(journal, destination):
            with folder:
                pass


def _is_newer(path: Path, other: Path) -> bool:
    return path.exists() and path.stat().st_mtime_ns >= other.stat().st_mtime_ns
