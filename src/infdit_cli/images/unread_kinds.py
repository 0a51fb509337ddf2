"""Kinds of pictures that people have, and that are not read: told by name what to do about them."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from infdit_cli.images.heif_kind import HEIF_SUFFIXES, heif_library, is_heif

_HEIC = "HEIC"
_JPEG_XL = "JPEG XL"
_RAW = "a camera's raw format"
_KINDS = {
    _HEIC: HEIF_SUFFIXES,
    _JPEG_XL: {".jxl"},
    _RAW: {".arw", ".cr2", ".cr3", ".dng", ".nef", ".orf", ".pef", ".raf", ".raw", ".rw2", ".srw"},
}
_BY_SUFFIX = {suffix: kind for kind, suffixes in _KINDS.items() for suffix in suffixes}
_RAW_START = b"ftypcrx "  # behind the length of the box
# ISO/IEC 18181-2: a bare codestream, and the box that a container begins with.
_JPEG_XL_STARTS = (b"\xff\x0a", b"\0\0\0\x0cJXL \r\n\x87\n")
_HEAD_BYTES = 12
_WITHOUT_LIBRARY = (
    "HEIC is not read without pi-heif: pip install pi-heif, or export the picture as JPEG or TIFF first"
)


def hint_for_unread(path: Path) -> str | None:
    """Return what to do with a picture of a kind that is known and not read; ``None`` for any other.

    Args:
        path: A file that no decoder knows.
    """
    kind = _kind(path) or _BY_SUFFIX.get(path.suffix.lower())
    if kind == _HEIC:
        return None if heif_library() else _WITHOUT_LIBRARY
    return f"{kind} is not read; export it as JPEG or TIFF first" if kind else None


def _kind(path: Path) -> str | None:
    with suppress(OSError):  # it may have gone since it was found to be unknown
        if is_heif(path):
            return _HEIC
        with path.open("rb") as file:
            return _kind_of(file.read(_HEAD_BYTES))
    return None


def _kind_of(head: bytes) -> str | None:
    if head.startswith(_JPEG_XL_STARTS):
        return _JPEG_XL
    return _RAW if head[4:] == _RAW_START else None
