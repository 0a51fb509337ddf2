"""Which files are HEIC or another HEIF but AVIF, and the library that decodes them.

Source: ISO/IEC 23008-12, 10.2 and B.4, for the brands.
"""

from __future__ import annotations

import functools
from importlib import import_module
from pathlib import Path
from typing import Any

from infdit_cli.metadata.bmff import boxes, content_of

HEIF_SUFFIXES = frozenset({".heic", ".heif", ".hif"})

_AVIF = frozenset({b"avif", b"avis"})
_HEVC = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"})
_ANY_CODING = frozenset({b"mif1", b"msf1"})
_BRAND_BYTES, _MINOR_VERSION_BYTES = 4, 4
_MOST_BRANDS_BYTES = 1024


@functools.cache
def heif_library() -> Any | None:
    """Return pi_heif; ``None`` where it is not installed, or does not fit the system.

    Imported for the first HEIC: no other picture should wait for it.
    """
    try:
        library = import_module("pi_heif")
        library.libheif_info()  # of a decoder that could not be loaded only its use tells
    except ImportError:
        return None
    return library


def is_heif(path: Path) -> bool:
    """Return whether ``path`` says that it holds pictures of HEVC, or does not say of what but not of AV1."""
    brands = _brands(path)
    return bool(brands & _HEVC or (brands & _ANY_CODING and not brands & _AVIF))


def _brands(path: Path) -> frozenset[bytes]:
    """Return the main brand of a file and those that it is compatible with; none if it tells no brands."""
    with path.open("rb") as file:
        first = next(boxes(file), None)
        if first is None or first.kind != b"ftyp":
            return frozenset()
        told = content_of(file, first, _MOST_BRANDS_BYTES)
    places = (0, *range(_BRAND_BYTES + _MINOR_VERSION_BYTES, len(told), _BRAND_BYTES))
    return frozenset(told[at : at + _BRAND_BYTES] for at in places)
