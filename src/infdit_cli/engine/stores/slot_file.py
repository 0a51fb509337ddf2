"""A hidden file of slots that are written, read and used again."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from io import FileIO
from pathlib import Path

from infdit_cli.engine.stores.free_list import FreeList, Room
from infdit_cli.files import hidden_name, output_errors, read_all, reserve, write_all

Slot = Room[int]


class SlotFile:
    """A file that grows as slots are taken, and is gone when it is closed.

    Plain reads and writes, not a memory map: a disk that fills up is then an ``OSError`` rather than a
    SIGBUS that kills the process, and the pages do not count as the process's memory. Reading and
    writing move one file position, so one thread does both; taking and giving slots is another's.

    Args:
        folder: Where the file is created.
        reserve_bytes: Room to claim at once: a full disk is then met before any work.

    Raises:
        OutputError: If the folder cannot be written to, or the disk has not that much room.
    """

    def __init__(self, folder: Path, reserve_bytes: int = 0) -> None:
        self._path = folder / hidden_name(".store")
        self._free: FreeList[int] = FreeList()
        self._end = 0
        self._failure: Exception | None = None
        with output_errors(folder):
            self._file = FileIO(self._path, "x+")
            try:
                if reserve_bytes:
                    reserve(self._file, reserve_bytes)
            except BaseException:
                self.close()
                raise
            if os.name == "posix":
                # Nothing is left behind then, not even by a process that is killed; Windows cannot do this.
                self._path.unlink()

    def take(self, num_bytes: int) -> Slot:
        """Return a slot of at least ``num_bytes``."""
        slot = self._free.take(num_bytes)
        if slot is None:
            slot = Slot(num_bytes, self._end)
            self._end += num_bytes
        return slot

    def give(self, slot: Slot) -> None:
        """Take back a slot."""
        self._free.give(slot)

    def write(self, slot: Slot, data: memoryview, wait: Callable[[], object]) -> None:
        """Fill the start of a slot with ``data``, after ``wait``ing for it.

        Raises:
            OSError: If the disk is full or fails, now or before: from then on nothing in the file is sure.
        """
        self._check()
        try:
            wait()
            self._file.seek(slot.where)
            write_all(self._file, data)
        except Exception as err:
            self._failure = err
            raise

    def read(self, slot: Slot, into: memoryview) -> None:
        """Fill ``into`` from the start of a slot.

        Raises:
            OSError: If the slot cannot be read, or something could not be written before.
        """
        self._check()
        self._file.seek(slot.where)
        read_all(self._file, into)

    def close(self) -> None:
        """Close and remove the file."""
        self._file.close()
        # Failing to remove a temporary must not hide the error that may be on its way.
        with suppress(OSError):
            self._path.unlink(missing_ok=True)

    def _check(self) -> None:
        if self._failure:
            raise self._failure
