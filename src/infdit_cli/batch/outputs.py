"""Pictures and their results: no two of one name, and none in the way of an input."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from infdit_cli.errors import InfditError, OutputError


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchItem:
    """One picture of a batch.

    Args:
        source, destination: Input and output files.
        nbytes: Size of the input file, the measure of the work before it is opened.
        problem: Why it cannot be done, if that is known already.
    """

    source: Path
    destination: Path
    nbytes: int = 0
    problem: InfditError | None = None

    @property
    def work(self) -> int:
        """How much work the picture is thought to be before it is opened; never nothing."""
        return max(self.nbytes, 1)


def check_no_clashes(items: Sequence[BatchItem]) -> None:
    """Refuse results that would take each other's name, or that of an input.

    Names count as one where a common file system would take them for one: whatever their case, and however
    accents are spelt.

    Raises:
        OutputError: Naming both.
    """
    sources = {_key(item.source): item.source for item in items}
    takers: dict[str, BatchItem] = {}
    for item in items:
        key = _key(item.destination)
        if key in sources:
            raise _overwriting(item, sources[key])
        other = takers.setdefault(key, item)
        if other is not item:
            raise _clash(other, item)


def check_outside_inputs(folders: frozenset[Path], items: Sequence[BatchItem]) -> None:
    """Refuse results in a folder that pictures are taken from: the next run would upscale them again.

    Raises:
        OutputError: Naming one.
    """
    for folder, name in {item.destination.parent: item.destination.name for item in items}.items():
        if Path(os.path.realpath(folder)) in folders:  # resolve() would raise where links lead in a circle
            raise OutputError(
                f"{folder}: is an input folder, too; the next run would upscale {name} again",
                hint="write to a folder of its own with -o",
            )


def _key(path: Path) -> str:
    folder = os.path.realpath(path.parent)
    return unicodedata.normalize("NFC", os.path.join(folder, path.name)).casefold()  # noqa: PTH118


def _overwriting(item: BatchItem, source: Path) -> OutputError:
    by = "itself" if source == item.source else f"the output of {item.source}"
    return OutputError(
        f"{item.destination}: is an input, and would be overwritten by {by}",
        hint="write to another folder with -o, or choose a --name",
    )


def _clash(first: BatchItem, second: BatchItem) -> OutputError:
    alike = (
        ""
        if first.destination == second.destination
        else f" (or {second.destination.name}, which many disks take for the same name)"
    )
    return OutputError(
        f"{first.source} and {second.source} would both become {first.destination}{alike}",
        hint="--name '{name}_x{scale}{ext}' keeps suffixes apart; folders can be done one by one",
    )
