"""Kinds of pictures that people have, and that are not read: told by name what to do about them."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

_HEIC = "HEIC"
_JPEG_XL = "JPEG XL"
_RAW = "a camera's raw format"
_KINDS = {
    _HEIC: ".heic .heif .hif",
    _JPEG_XL: ".jxl",
    _RAW: ".arw .cr2 .cr3 .dng .nef .orf .pef .raf .raw .rw2 .srw",
}
_BY_SUFFIX = {suffix: kind for kind, suffixes in _KINDS.items() for suffix in suffixes.split()}
# ISO/IEC 23008-12, B.4 and 10.2: brands of HEVC pictures and of what holds pictures of any kind.
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_RAW_BRANDS = frozenset({b"crx "})
# ISO/IEC 18181-2: a bare codestream, and the box that a container begins with.
_JPEG_XL_STARTS = (b"\xff\x0a", b"\0\0\0\x0cJXL \r\n\x87\n")
_HEAD_BYTES = 12


def hint_for_unread(path: Path) -> str | None:
    """Return what to do with a picture of a kind that is known and not read; ``None`` for any other.

    Args:
        path: A file that no decoder knows.
    """
    kind = _kind(_head(path)) or _BY_SUFFIX.get(path.suffix.lower())
    return f"{kind} is not read; export it as JPEG or TIFF first" if kind else None


def _head(path: Path) -> bytes:
    with suppress(OSError), path.open("rb") as file:  # it may have gone since it was found to be unknown
        return file.read(_HEAD_BYTES)
    return b""


def _kind(head: bytes) -> str | None:
    if head.startswith(_JPEG_XL_STARTS):
        return _JPEG_XL
    if head[4:8] != b"ftyp":
        return None
    return _HEIC if head[8:] in _HEIC_BRANDS else _RAW if head[8:] in _RAW_BRANDS else None
