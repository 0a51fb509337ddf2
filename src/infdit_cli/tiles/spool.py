"""The raw picture on disk while it grows."""

from __future__ import annotations

from contextlib import suppress
from io import FileIO
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from infdit_cli.geometry import Rect, Size
from infdit_cli.tiles.atomic import hidden_name
from infdit_cli.tiles.failures import output_errors
from infdit_cli.tiles.pixel_format import PixelFormat
from infdit_cli.tiles.raw_file import reserve, write_all


class Spool:
    """A hidden file of raw pixels, row-major and interleaved, that may be filled in any order.

    Use it as a context manager: entering creates the file at its full size, leaving removes it,
    after an exception too.

    Written with plain writes, not through a memory map: a disk that fills up is then an ``OSError``
    rather than a SIGBUS that kills the process, and the pages do not count as the process's memory.

    Args:
        folder: Where the file is created.
        size: Pixels of the picture.
        pixel_format: Channels and dtype of a pixel.
    """

    def __init__(self, folder: Path, size: Size, pixel_format: PixelFormat) -> None:
        self.size = size
        self.pixel_format = pixel_format
        self.path = folder / hidden_name(".spool")
        self._file: FileIO | None = None

    @property
    def nbytes(self) -> int:
        """Bytes of the file."""
        return self.pixel_format.nbytes(self.size)

    def __enter__(self) -> Self:
        try:
            with output_errors(self.path.parent):
                self._file = FileIO(self.path, "x+")
                reserve(self._file, self.nbytes)
        except BaseException:
            self._remove()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._remove()

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
        if self._file is None:
            raise ValueError("the spool is not open")
        data = np.ascontiguousarray(pixels).data.cast("B")
        num_runs = 1 if rect.size.width == self.size.width else rect.size.height
        run_bytes = len(data) // num_runs
        with output_errors(self.path.parent):
            for run in range(num_runs):
                self._file.seek(self._offset(rect.top + run, rect.left))
                write_all(self._file, data[run * run_bytes : (run + 1) * run_bytes])

    def mapped(self) -> NDArray[Any]:
        """Return the picture ``[h, w, channels]``, read from the file as it is looked at.

        Only to look at. The map is shared and writable all the same: torch warns of arrays that are not,
        and the system would count a private one against its memory.
        """
        shape = (*self.size, self.pixel_format.channels)
        return np.memmap(self.path, self.pixel_format.dtype, mode="r+", shape=shape)

    def _check(self, rect: Rect, pixels: NDArray[Any]) -> None:
        if rect.within(self.size) != rect or min(rect.size) < 1:
            raise ValueError(f"{rect} is no part of {self.size}")
        if (
            pixels.shape != (*rect.size, self.pixel_format.channels)
            or pixels.dtype != self.pixel_format.dtype
        ):
            raise ValueError(f"pixels {pixels.shape} {pixels.dtype} do not fit {rect}, {self.pixel_format}")

    def _offset(self, row: int, col: int) -> int:
        return self.pixel_format.nbytes(Size(1, row * self.size.width + col))

    def _remove(self) -> None:
        if self._file is None:
            return
        self._file.close()
        self._file = None
        # Failing to remove a temporary must not hide the error that may be on its way.
        with suppress(OSError):
            self.path.unlink()
