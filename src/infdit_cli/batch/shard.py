"""One machine's share of a folder that several work on."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from infdit_cli.errors import OptionError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Shard:
    """Every ``count``-th picture of the sorted list, from the ``index``-th on.

    Args:
        index: 1 to ``count``.
        count: How many share the list.
    """

    index: int
    count: int

    def __post_init__(self) -> None:
        if not 1 <= self.index <= self.count:
            raise OptionError(
                f"--shard is {self.index}/{self.count}; the first number goes from 1 to the second",
                hint="for example --shard 1/3 here, and 2/3 and 3/3 on two other machines",
            )

    def of(self, things: Iterable[T], name: Callable[[T], Path]) -> list[T]:
        """Return this share of ``things``; shares of one list never overlap, and together they are all of it.

        Args:
            things: In any order, which may differ from machine to machine.
            name: Gives the path by which a thing is sorted.
        """
        return sorted(things, key=lambda thing: _order(name(thing)))[self.index - 1 :: self.count]


def _order(path: Path) -> tuple[bytes, bytes]:
    """Sort alike on every system: by bytes, and whichever way a file server spells letters with accents."""
    return os.fsencode(unicodedata.normalize("NFC", str(path))), os.fsencode(path)
