"""Read a ``.pt`` file without running anything in it.

A pickle is a program. Ours knows the few functions that rebuild tensors, in versions of our own; every
other name the program mentions becomes a placeholder that does nothing (pickle_machine.py).
"""

from __future__ import annotations

import math
import pickle
import reprlib
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from infdit_cli.errors import WeightsError
from infdit_cli.weights import pickle_machine
from infdit_cli.weights.archive import Archive

_MOST = 1 << 62  # values, or steps between them
_MOST_AXES = 64  # torch's own limit
_MOST_SHARING = 2  # the file's bytes over: two tensors of one storage are tied weights
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
# What a torn or hostile program makes the machine that runs it, the zip reader and torch raise.
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


def read_pickle(path: Path) -> Any:
    """Return what a ``.pt`` file holds; its tensors are views of the file and cost no memory until read.

    Raises:
        WeightsError: If the file is missing, damaged, or in a format that is not supported.
    """
    try:
        with Archive(path) as archive:
            return _Rebuilding(archive).run()
    except FileNotFoundError as err:
        raise WeightsError(f"{path}: no such file") from err
    except _DAMAGED as err:
        raise WeightsError(f"{path} is not a readable .pt file: {err}") from err


class _Rebuilding:
    """The functions that a checkpoint's program may call."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._used: set[int] = set()
        self._tensors_bytes = 0

    def run(self) -> Any:
        """Return what the archive's program makes."""
        known: dict[str, Any] = {
            "collections.OrderedDict": _ordered_dict,
            "torch._utils._rebuild_tensor_v2": self._tensor,
            "torch._utils._rebuild_parameter": _parameter,
        }
        known |= {f"torch.{name}": dtype for name, dtype in _STORAGES.items()}
        return pickle_machine.run(self._archive.pickle(), known, self._storage)

    def _storage(self, pid: Any) -> Tensor:
        """Return a storage as a flat tensor on the mapped file."""
        kind, dtype, key, _place, numel = pid
        if kind != "storage" or not isinstance(dtype, torch.dtype):
            raise pickle.UnpicklingError(
                f"an unknown kind of storage: {reprlib.repr(kind)}, "
                f"{getattr(dtype, 'origin', reprlib.repr(dtype))}"
            )
        if not (isinstance(key, str) and isinstance(numel, int) and 0 <= numel <= _MOST):
            raise pickle.UnpicklingError(
                f"storage {reprlib.repr(key)} is said to have {reprlib.repr(numel)} values"
            )
        data = self._archive.storage(key)
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
        self._count(tensor)
        # Two tensors of one storage part here: a safetensors file holds none that share memory.
        shared = storage.data_ptr() in self._used
        self._used.add(storage.data_ptr())
        return tensor.clone() if shared else tensor

    def _count(self, tensor: Tensor) -> None:
        """Refuse tensors that come to far more than the file, by sharing what it holds."""
        self._tensors_bytes += tensor.nbytes
        if self._tensors_bytes > _MOST_SHARING * self._archive.num_bytes:
            raise pickle.UnpicklingError(
                f"its tensors come to more than {_MOST_SHARING} times its {self._archive.num_bytes:,} bytes"
            )


def _ordered_dict() -> dict[Any, Any]:
    """Return an empty dict: torch and Python 3 put its items in afterwards."""
    return {}


def _parameter(data: Tensor, *_rest: object) -> Tensor:
    return data


def _check_layout(available: int, offset: int, size: tuple[int, ...], stride: tuple[int, ...]) -> None:
    """Refuse a tensor that reaches beyond its storage, or repeats it until it fills the memory."""
    if len(size) > _MOST_AXES or len(stride) > _MOST_AXES:
        raise pickle.UnpicklingError(f"a tensor of {len(size):,} axes")
    if not all(isinstance(each, int) and each <= _MOST for each in (offset, *size, *stride)):
        raise pickle.UnpicklingError("a tensor of sizes that no computer can address")
    last = offset + sum((length - 1) * step for length, step in zip(size, stride, strict=True))
    numel = math.prod(map(int, size))
    if min((offset, *size, *stride)) < 0 or (numel and last >= available):
        raise pickle.UnpicklingError(f"a tensor of {size} does not fit its storage of {available:,} values")
    if numel > available:
        raise pickle.UnpicklingError(f"a tensor of {size} has more values than its storage")
