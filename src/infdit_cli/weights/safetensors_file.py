"""Write a safetensors file: the same bytes for the same contents, and no other file on the way.

The library's own writer puts the metadata in a random order, and gathers the file under a random name
beside its place, where it stays for good if the process is killed (safetensors 0.8).
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from io import FileIO
from pathlib import Path

import torch
from torch import Tensor

from infdit_cli.files import write_all

_LENGTH = struct.Struct("<Q")  # of the header
_ALIGNMENT_BYTES = 8  # of the first tensor
_DTYPES = {
    torch.float64: "F64",
    torch.float32: "F32",
    torch.float16: "F16",
    torch.bfloat16: "BF16",
    torch.int64: "I64",
    torch.int32: "I32",
    torch.int16: "I16",
    torch.int8: "I8",
    torch.uint8: "U8",
    torch.bool: "BOOL",
}


def write_safetensors(path: Path, tensors: Mapping[str, Tensor], metadata: Mapping[str, str]) -> None:
    """Write ``tensors`` and the texts of ``metadata`` to ``path``.

    Raises:
        OSError: If it cannot be written.
    """
    # The widest first, as the library does: each tensor then begins where its numbers are aligned.
    names = sorted(tensors, key=lambda name: (-tensors[name].itemsize, name))
    header = _header({name: tensors[name] for name in names}, metadata)
    try:
        with FileIO(path, "w") as file:
            write_all(file, memoryview(_LENGTH.pack(len(header)) + header))
            for name in names:
                write_all(file, _bytes(tensors[name]))
    except OSError as err:  # a failed write does not say of which file
        raise OSError(err.errno, err.strerror, str(path)) from err


def _header(tensors: Mapping[str, Tensor], metadata: Mapping[str, str]) -> bytes:
    described: dict[str, object] = {"__metadata__": dict(sorted(metadata.items()))}
    start = 0
    for name, tensor in tensors.items():
        place = [start, start + tensor.nbytes]
        described[name] = {
            "dtype": _DTYPES[tensor.dtype],
            "shape": list(tensor.shape),
            "data_offsets": place,
        }
        start = place[1]
    text = json.dumps(described, ensure_ascii=False, separators=(",", ":")).encode()
    return text + b" " * (-len(text) % _ALIGNMENT_BYTES)


def _bytes(tensor: Tensor) -> memoryview:
    flat = tensor.detach().cpu().contiguous().view(-1)
    return flat.view(torch.uint8).numpy().data
