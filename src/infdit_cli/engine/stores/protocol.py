"""What every place for tensors can do."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Protocol, TypeVar

from torch import Tensor

Key = TypeVar("Key", bound=Hashable)
Key_contra = TypeVar("Key_contra", bound=Hashable, contravariant=True)


class TensorStore(Protocol[Key_contra]):
    """Tensors by key, kept byte for byte; used from one thread.

    ``tests/contracts/test_tensor_stores.py`` says in full what a store owes.
    """

    @property
    def nbytes(self) -> int:
        """Bytes of the tensors held now, without room that waits to be used again."""
        ...

    def put(self, key: Key_contra, tensors: tuple[Tensor, ...]) -> None:
        """Keep copies of ``tensors``, of any shapes and dtypes; what ``key`` held before is forgotten.

        Raises:
            OutputError: If they go to a disk that is full or fails, now or while writing earlier ones.
        """
        ...

    def prefetch(self, keys: Iterable[Key_contra]) -> None:
        """Begin to fetch what will be asked for soon; keys that are not held are passed over."""
        ...

    def get(self, key: Key_contra) -> tuple[Tensor, ...]:
        """Return what ``key`` holds, on the compute device; it goes on being held.

        Raises:
            KeyError: If ``key`` is not held.
            OutputError: If the tensors could not be written or read.
        """
        ...

    def drop(self, key: Key_contra) -> None:
        """Forget ``key``.

        Raises:
            KeyError: If ``key`` is not held.
        """
        ...

    def close(self) -> None:
        """Give everything back; closing twice does no harm."""
        ...
