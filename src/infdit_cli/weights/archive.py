"""The zip container of a ``.pt`` file: its pickle, and its tensors' bytes mapped into memory."""

from __future__ import annotations

import mmap
import struct
import zipfile
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from infdit_cli.errors import WeightsError

# What a file of torch before 1.6 starts with: its magic number, pickled.
_LEGACY = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."
_LOCAL_HEADER = struct.Struct("<26xHH")  # of a zip member: the lengths of its name and its extra field
_PICKLE = "data.pkl"
_MEMBER_LIMIT_BYTES = 4 << 20  # the full model's pickle has a tenth of a megabyte


class Archive:
    """A ``.pt`` file, open for reading.

    Args:
        path: The file.

    Attributes:
        num_bytes: The file's size.

    Raises:
        WeightsError: If it is no such file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.num_bytes = path.stat().st_size
        with ExitStack() as stack:
            file = stack.enter_context(path.open("rb"))
            if file.read(len(_LEGACY)) == _LEGACY:
                raise WeightsError(
                    f"{path} is in the format of torch before 1.6, which is not supported",
                    hint="where you trust it, rewrite it: torch.save(torch.load(path), path)",
                )
            self._zip = stack.enter_context(zipfile.ZipFile(file))
            # Copy on write: torch wants memory it could write to, and the file stays as it is.
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
            self._root = self._find_root()
            self._check_byte_order()
            self._open = stack.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # The map goes with the last tensor that looks at it.
        self._open.close()

    def pickle(self) -> bytes:
        """Return the pickle that describes the tensors."""
        info = self._zip.getinfo(f"{self._root}{_PICKLE}")
        return self._read(info)

    def storage(self, key: str) -> memoryview:
        """Return the bytes of one storage, not read yet.

        Raises:
            WeightsError: If they are missing or compressed.
        """
        try:
            info = self._zip.getinfo(f"{self._root}data/{key}")
        except KeyError as err:
            raise WeightsError(f"{self._path} lacks the bytes of tensor storage {key}") from err
        self._check_stored(info)
        name_bytes, extra_bytes = _LOCAL_HEADER.unpack_from(self._map, info.header_offset)
        start = info.header_offset + _LOCAL_HEADER.size + name_bytes + extra_bytes
        return memoryview(self._map)[start : start + info.file_size]

    def _read(self, info: zipfile.ZipInfo) -> bytes:
        """Return a member that holds no tensor; compressed, a small one may unfold to anything."""
        if info.file_size > _MEMBER_LIMIT_BYTES:
            raise WeightsError(
                f"{self._path} has {info.file_size:,} bytes beside its tensors; that is no checkpoint"
            )
        self._check_stored(info)
        return self._zip.read(info)

    def _check_stored(self, info: zipfile.ZipInfo) -> None:
        if info.compress_type != zipfile.ZIP_STORED:
            raise WeightsError(f"{self._path} is compressed, which torch never does")

    def _find_root(self) -> str:
        """Return the folder that torch puts everything into; its name is that of the file once saved."""
        found = [name for name in self._zip.namelist() if name.split("/")[1:] == [_PICKLE]]
        if len(found) != 1:
            raise WeightsError(f"{self._path} is a zip file, but not one of torch's checkpoints")
        return found[0].removesuffix(_PICKLE)

    def _check_byte_order(self) -> None:
        name = f"{self._root}byteorder"
        if name in self._zip.namelist() and self._read(self._zip.getinfo(name)) != b"little":
            raise WeightsError(f"{self._path} was written on a big-endian machine, which is not supported")
