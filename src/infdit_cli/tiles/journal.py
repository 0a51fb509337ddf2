"""A file of records that only grows, and that a torn or flipped byte cannot turn into something else."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from io import FileIO
from pathlib import Path
from typing import Any, NamedTuple

from infdit_cli.files import output_errors, sync_folder, write_all

Record = dict[str, Any]


class _Line(NamedTuple):
    """A sound line: its record, its digest, and where it ends in the file."""

    record: Record
    digest: str
    end: int


class Journal:
    """Records on disk, one JSON object a line.

    A line holds a record and its digest, which covers the digest of the line before, too; so a line is
    sound only if all lines above it are there as they were written. Reading ends at the first line that is
    not sound: the torn one of a process that was killed, or a damaged one.

    Args:
        path: The file; it appears with the first record.

    Attributes:
        is_damaged: Whether more than the last, unfinished line was not sound when the file was read.

    Raises:
        OutputError: If the file is there and cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with output_errors(path):
            data = _read(path)
        self._lines = list(_sound(data))
        self.is_damaged = b"\n" in data[self._end :]

    @property
    def records(self) -> list[Record]:
        """All sound records, oldest first."""
        return [line.record for line in self._lines]

    def append(self, record: Record) -> None:
        """Write ``record``; when this returns it has reached the disk.

        Raises:
            OutputError: If it cannot be written; the journal then is as it was.
        """
        line = _encoded(record, self._digest)
        with output_errors(self.path):
            try:
                _write_at(self.path, self._end, line)
            except OSError:
                with suppress(OSError):
                    os.truncate(self.path, self._end)
                raise
        self._lines += _sound(line, self._end, self._digest)

    def rewind(self, num_records: int) -> None:
        """Forget all records but the first ``num_records``; the next ``append`` takes their place."""
        del self._lines[num_records:]

    @property
    def _digest(self) -> str:
        return self._lines[-1].digest if self._lines else ""

    @property
    def _end(self) -> int:
        return self._lines[-1].end if self._lines else 0


def _sound(data: bytes, end: int = 0, digest: str = "") -> Iterator[_Line]:
    """Yield the lines up to the first that is not sound; ``digest`` is that of the line before."""
    for raw in data.splitlines(keepends=True):
        record = _decoded(raw, digest)
        if record is None:
            return
        end, digest = end + len(raw), _digest(record, digest)
        yield _Line(record, digest, end)


def _decoded(raw: bytes, before: str) -> Record | None:
    """Return the record of a sound line; ``before`` is the digest of the line above it."""
    try:
        line = json.loads(raw)
        record = line.get("record") if isinstance(line, dict) else None
        # Compared as a whole: what was written in no other way may be read in another.
        return record if isinstance(record, dict) and _encoded(record, before) == raw else None
    except (ValueError, RecursionError):  # the latter of brackets by the thousand
        return None


def _encoded(record: Record, before: str) -> bytes:
    return _dumped({"digest": _digest(record, before), "record": record}) + b"\n"


def _digest(record: Record, before: str) -> str:
    return hashlib.blake2b(before.encode() + _dumped(record), digest_size=16).hexdigest()


def _dumped(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode("ascii")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def _write_at(path: Path, end: int, line: bytes) -> None:
    is_new = not path.exists()
    with FileIO(path, "x" if is_new else "r+") as file:
        file.truncate(end)
        file.seek(end)
        write_all(file, memoryview(line))
        os.fsync(file.fileno())
    if is_new:
        sync_folder(path.parent)
