"""Read a ``.pt`` file without running anything in it.

A pickle is a program. This unpickler knows the few functions that rebuild tensors, in versions of our
own; every other name the program mentions becomes an inert placeholder, which accepts whatever a
pickle may do to an object and does nothing.
"""

from __future__ import annotations

import io
import math
import pickle
import pickletools
import reprlib
import struct
import zipfile
import zlib
from collections import OrderedDict
from pathlib import Path
from typing import Any, Self

import torch
from torch import Tensor

from infdit_cli.errors import WeightsError
from infdit_cli.weights.archive import Archive

_MOST = 1 << 62  # values, or steps between them
_PUTS = {"PUT", "BINPUT", "LONG_BINPUT"}
_STORAGES = {
    "FloatStorage": torch.float32,
    "HalfStorage": torch.float16,
    "BFloat16Storage": torch.bfloat16,
    "DoubleStorage": torch.float64,
    "LongStorage": torch.int64,
    "IntStorage": torch.int32,
    "ShortStorage": torch.int16,
    "CharStorage": torch.int8,
    "ByteStorage": torch.uint8,
    "BoolStorage": torch.bool,
}
# What a torn or hostile program makes Python's unpickler, the zip reader and torch raise.
_DAMAGED = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RecursionError,
    RuntimeError,
    TypeError,
    ValueError,
    pickle.UnpicklingError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)


class Inert:
    """Stands for an object that was not rebuilt.

    Attributes:
        origin: The global that the pickle named, ``module.name``; set on a subclass for each.
    """

    origin = ""

    def __new__(cls, *_args: object, **_options: object) -> Self:
        """Take anything, keep nothing."""
        return super().__new__(cls)

    def __init__(self, *_args: object, **_options: object) -> None:
        """Take anything, keep nothing."""

    def __call__(self, *_args: object, **_options: object) -> Inert:
        """Take anything, keep nothing."""
        return self

    def __setstate__(self, _state: object) -> None:
        """Take anything, keep nothing."""

    def __setitem__(self, _key: object, _value: object) -> None:
        """Take anything, keep nothing."""

    def append(self, _item: object) -> None:
        """Take anything, keep nothing."""

    def extend(self, _items: object) -> None:
        """Take anything, keep nothing."""

    def add(self, _item: object) -> None:
        """Take anything, keep nothing."""


def read_pickle(path: Path) -> Any:
    """Return what a ``.pt`` file holds; its tensors are views of the file and cost no memory until read.

    Raises:
        WeightsError: If the file is missing, damaged, or in a format that is not supported.
    """
    try:
        with Archive(path) as archive:
            return _Unpickler(archive).load()
    except FileNotFoundError as err:
        raise WeightsError(f"{path}: no such file") from err
    except _DAMAGED as err:
        raise WeightsError(f"{path} is not a readable .pt file: {err}") from err


class _Unpickler(pickle.Unpickler):
    """Python's unpickler with no way out to the rest of Python."""

    def __init__(self, archive: Archive) -> None:
        program = archive.pickle()
        _check_memo(program)
        super().__init__(io.BytesIO(program))
        self._archive = archive
        self._used: set[int] = set()
        self._allowed: dict[str, Any] = {
            "collections.OrderedDict": OrderedDict,
            "torch._utils._rebuild_tensor_v2": self._tensor,
            "torch._utils._rebuild_parameter": _parameter,
        }
        self._allowed |= {f"torch.{name}": dtype for name, dtype in _STORAGES.items()}

    def find_class(self, module: str, name: str) -> Any:
        """Return our own version of the few names that rebuild tensors; a new inert class for all others."""
        origin = f"{module}.{name}"
        return self._allowed.get(origin) or type("Inert", (Inert,), {"origin": origin})

    def persistent_load(self, pid: Any) -> Tensor:
        """Return a storage as a flat tensor on the mapped file."""
        kind, dtype, key, _place, numel = pid
        if kind != "storage" or not isinstance(dtype, torch.dtype):
            raise pickle.UnpicklingError(
                f"an unknown kind of storage: {reprlib.repr(kind)}, "
                f"{getattr(dtype, 'origin', reprlib.repr(dtype))}"
            )
        data = self._archive.storage(str(key))
        if len(data) < numel * dtype.itemsize:
            raise pickle.UnpicklingError(
                f"storage {key} has {len(data):,} bytes, too few for {numel:,} values"
            )
        return torch.frombuffer(data, dtype=dtype, count=numel) if numel else torch.empty(0, dtype=dtype)

    def _tensor(
        self, storage: Tensor, offset: int, size: tuple[int, ...], stride: tuple[int, ...], *_rest: object
    ) -> Tensor:
        """Cut a tensor out of a storage, and not one value beyond it."""
        _check_layout(storage.numel(), offset, size, stride)
        tensor = storage.as_strided(size, stride, offset)
        # Two tensors of one storage part here: a safetensors file holds none that share memory.
        shared = storage.data_ptr() in self._used
        self._used.add(storage.data_ptr())
        return tensor.clone() if shared else tensor


def _check_memo(program: bytes) -> None:
    """Refuse numbers of remembered objects that no program of this length can need.

    Python's unpickler makes room for all smaller ones: six bytes would take 64 GiB.
    """
    for opcode, number, _ in pickletools.genops(program):
        if opcode.name in _PUTS and not 0 <= int(str(number)) <= len(program):
            raise pickle.UnpicklingError(f"it remembers an object as number {reprlib.repr(number)}")


def _parameter(data: Tensor, *_rest: object) -> Tensor:
    return data


def _check_layout(available: int, offset: int, size: tuple[int, ...], stride: tuple[int, ...]) -> None:
    """Refuse a tensor that reaches beyond its storage, or repeats it until it fills the memory."""
    if not all(isinstance(each, int) and each <= _MOST for each in (offset, *size, *stride)):
        raise pickle.UnpicklingError("a tensor of sizes that no computer can address")
    last = offset + sum((length - 1) * step for length, step in zip(size, stride, strict=True))
    numel = math.prod(map(int, size))
    if min((offset, *size, *stride)) < 0 or (numel and last >= available):
        raise pickle.UnpicklingError(f"a tensor of {size} does not fit its storage of {available:,} values")
    if numel > available:
        raise pickle.UnpicklingError(f"a tensor of {size} has more values than its storage")
