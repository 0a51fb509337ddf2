"""The raw picture on disk while it grows."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from io import FileIO
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from infdit_cli.files import output_errors, read_all, reserve, write_all
from infdit_cli.geometry import Rect, Size
from infdit_cli.tiles.pixel_format import PixelFormat

# Read at once for a digest.
_CHUNK_BYTES = 4 << 20


class Spool:
    """A file of raw pixels, row-major and interleaved, that may be filled in any order.

    Use it as a context manager: entering creates the file at its full size, or opens one of that size as it
    is, and leaving closes it. It is its folder's owner who removes it.

    Written and read plainly, not through a memory map: a disk that fills up is then an ``OSError``
    rather than a SIGBUS that kills the process, and the pages do not count as the process's memory.

    Args:
        path: The file.
        size: Pixels of the picture.
        pixel_format: Channels and dtype of a pixel.
    """

    def __init__(self, path: Path, size: Size, pixel_format: PixelFormat) -> None:
        self.size = size
        self.pixel_format = pixel_format
        self.path = path
        self._file: FileIO | None = None

    @property
    def nbytes(self) -> int:
        """Bytes of the file."""
        return self.pixel_format.nbytes(self.size)

    def __enter__(self) -> Self:
        with output_errors(self.path.parent):
            if self._is_whole():
                self._file = FileIO(self.path, "r+")
            else:
                self._create()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def write(self, rect: Rect, pixels: NDArray[Any]) -> None:
        """Put ``pixels`` at ``rect``.

        Args:
            rect: A part of the picture.
            pixels: ``[h, w, channels]`` of the spool's dtype.

        Raises:
            OutputError: If the disk is full or fails.
            ValueError: If ``rect`` or ``pixels`` do not fit: a mistake of the caller.
        """
        self._check(rect, pixels)
        file, data = self._opened(), np.ascontiguousarray(pixels).data.cast("B")
        with output_errors(self.path.parent):
            for offset, part in self._runs(rect, data):
                file.seek(offset)
                write_all(file, part)

    def read(self, rect: Rect) -> NDArray[Any]:
        """Return the pixels at ``rect``, ``[h, w, channels]``; zeros where nothing was written.

        Raises:
            OutputError: If the disk fails.
            ValueError: If ``rect`` is no part of the picture: a mistake of the caller.
        """
        self._check_rect(rect)
        pixels = np.empty((*rect.size, self.pixel_format.channels), self.pixel_format.dtype)
        file, data = self._opened(), pixels.data.cast("B")
        with output_errors(self.path.parent):
            for offset, part in self._runs(rect, data):
                file.seek(offset)
                read_all(file, part)
        return pixels

    def sync(self) -> None:
        """Wait until everything written has reached the disk.

        Raises:
            OutputError: If the disk fails.
        """
        with output_errors(self.path.parent):
            os.fsync(self._opened().fileno())

    def digest(self, top: int, bottom: int) -> str:
        """Return a digest of the rows from ``top`` to before ``bottom``.

        Raises:
            OutputError: If the disk fails.
        """
        step = max(_CHUNK_BYTES // self.pixel_format.nbytes(Size(1, self.size.width)), 1)
        digest = hashlib.blake2b(digest_size=16)
        for first in range(top, bottom, step):
            digest.update(self.read(Rect(first, 0, min(first + step, bottom), self.size.width)).data)
        return digest.hexdigest()

    def _is_whole(self) -> bool:
        return self.path.exists() and self.path.stat().st_size == self.nbytes

    def _create(self) -> None:
        self.path.unlink(missing_ok=True)
        try:
            self._file = FileIO(self.path, "x+")
            reserve(self._file, self.nbytes)
        except BaseException:
            self._close()
            # Failing to remove it must not hide the error that is on its way.
            with suppress(OSError):
                self.path.unlink()
            raise

    def _opened(self) -> FileIO:
        if self._file is None:
            raise ValueError("the spool is not open")
        return self._file

    def _runs(self, rect: Rect, data: memoryview) -> Iterator[tuple[int, memoryview]]:
        """Cut the bytes of ``rect`` into what lies together in the file, each with its offset."""
        num_runs = 1 if rect.size.width == self.size.width else rect.size.height
        run_bytes = len(data) // num_runs
        first, row_bytes = self._offset(rect.top, rect.left), self._offset(1, 0)
        for run in range(num_runs):
            yield first + run * row_bytes, data[run * run_bytes : (run + 1) * run_bytes]

    def _check_rect(self, rect: Rect) -> None:
        if rect.within(self.size) != rect or min(rect.size) < 1:
            raise ValueError(f"{rect} is no part of {self.size}")

    def _check(self, rect: Rect, pixels: NDArray[Any]) -> None:
        self._check_rect(rect)
        if (
            pixels.shape != (*rect.size, self.pixel_format.channels)
            or pixels.dtype != self.pixel_format.dtype
        ):
            raise ValueError(f"pixels {pixels.shape} {pixels.dtype} do not fit {rect}, {self.pixel_format}")

    def _offset(self, row: int, col: int) -> int:
        return self.pixel_format.nbytes(Size(1, row * self.size.width + col))

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
