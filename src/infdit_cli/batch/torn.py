"""Names with spaces that a shell has taken apart, for want of quotes."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from infdit_cli.files import is_there_a_folder


def torn_names(inputs: Sequence[Path]) -> dict[Path, str]:
    """Return every input that seems to be a piece of a name with spaces, with the whole name.

    Pieces follow each other, and none is there. Together they are the name of something that is, or only the
    last of them has a suffix and the folder that they name together is there.
    """
    wholes = [
        pieces
        for are_there, run in groupby(inputs, os.path.lexists)
        if not are_there
        for pieces in _wholes(list(run))
        if len(pieces) > 1
    ]
    return {piece: _joined(pieces) for pieces in wholes for piece in pieces}


def quotes_hint(whole: str) -> str:
    """Return how to type a name with spaces."""
    return f'a name with spaces needs quotes, as in "{whole}"'


def _wholes(missing: list[Path]) -> Iterator[list[Path]]:
    """Part inputs into names that they may be pieces of; what ends none is left out."""
    if os.path.lexists(_joined(missing)):
        yield missing
        return
    pieces: list[Path] = []
    for piece in missing:
        pieces.append(piece)
        if piece.suffix:
            if is_there_a_folder(Path(_joined(pieces)).parent):
                yield pieces
            pieces = []


def _joined(pieces: Sequence[Path]) -> str:
    return " ".join(map(str, pieces))
