"""Decoders kept in bounds: a limit of pixels, no stray warnings, and one error for all they throw."""

from __future__ import annotations

import ctypes
import functools
import re
import struct
import threading
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import cast

import pyvips
from PIL import Image, PngImagePlugin, UnidentifiedImageError, _imaging

from infdit_cli.errors import UnreadableImage, UnsupportedImage, first_line
from infdit_cli.images.png_chunks import MOST_TEXT_BYTES
from infdit_cli.images.unread_kinds import hint_for_unread

# What damaged bytes make our own parsing throw, and a disk that fails; libvips has one error for all.
BYTE_ERRORS = (ArithmeticError, EOFError, OSError, ValueError, pyvips.Error, struct.error, zlib.error)
# What Pillow was seen or is known to throw on them; the property test keeps it complete. Most would be bugs
# of ours anywhere else.
DECODER_ERRORS = (
    *BYTE_ERRORS,
    AssertionError,
    AttributeError,
    LookupError,
    RuntimeError,
    SyntaxError,
    TypeError,
)
_READABLE = (
    "readable are PNG, JPEG, WebP, AVIF, HEIC, TIFF, GIF, BMP, PPM and more; convert the file to one of them"
)

_PILLOW = r"PIL\."
# What Pillow adds where a file ends too early; the number is of its buffer, and tells nothing of the file.
_BUFFERED = re.compile(r" \(\d+ bytes not processed\)$", re.ASCII)


class _Bounds:
    """What Pillow and Python keep for the whole process, changed while any thread reads a picture.

    The lock is held for the change alone, so that threads decode at the same time. Pillow's limit is the
    largest that any of them wants; each checks the size of its own picture.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wanted: list[int] = []
        self._before: tuple[int | None, int] = (None, 0)

    def enter(self, max_pixels: int) -> None:
        """Let pictures through up to ``max_pixels``."""
        with self._lock:
            if not self._wanted:
                self._before = Image.MAX_IMAGE_PIXELS, PngImagePlugin.MAX_TEXT_CHUNK
                PngImagePlugin.MAX_TEXT_CHUNK = MOST_TEXT_BYTES
                warnings.filterwarnings("ignore", module=_PILLOW)
            self._wanted.append(max_pixels)
            Image.MAX_IMAGE_PIXELS = max(self._wanted)

    def leave(self, max_pixels: int) -> None:
        """Take back what ``enter`` did for one picture; with the last one all is as it was before."""
        with self._lock:
            self._wanted.remove(max_pixels)
            if self._wanted:
                Image.MAX_IMAGE_PIXELS = max(self._wanted)
            else:
                Image.MAX_IMAGE_PIXELS, PngImagePlugin.MAX_TEXT_CHUNK = self._before
                _let_pillow_warn()


_bounds = _Bounds()


@contextmanager
def pillow_limits(max_pixels: int) -> Iterator[None]:
    """Let Pillow open pictures up to ``max_pixels``, with long texts, and keep its warnings to ourselves.

    Pillow's limits and Python's warning filters are global to the process; they are restored when no thread
    reads a picture any more: nobody else's pictures are let through.
    """
    _hush_libtiff()
    _bounds.enter(max_pixels)
    try:
        yield
    finally:
        _bounds.leave(max_pixels)


def _let_pillow_warn() -> None:
    """Take out our own filter alone; ``catch_warnings`` would put back a list that others have changed."""
    filters = cast("list[tuple[object, ...]]", warnings.filters)
    with suppress(ValueError):  # whoever restored an older list has taken it out already
        filters.remove(("ignore", None, Warning, re.compile(_PILLOW), 0))


@contextmanager
def reading(path: Path, *, max_pixels: int, limited: str = "") -> Iterator[None]:
    """Turn what the file at ``path`` can cause in the block into an ``InputImageError`` about it.

    Args:
        path: The picture.
        max_pixels: The limit that Pillow works under, for what it refuses without telling the sides.
        limited: What the limit is for, if not for all pictures: ``icons``.
    """
    with within_memory(path):
        try:
            yield
        except Image.DecompressionBombError as err:
            limit = f"{max_pixels:,} for {limited}" if limited else f"{max_pixels:,}"
            raise UnsupportedImage(f"{path}: has more pixels than the limit of {limit}") from err
        except UnidentifiedImageError as err:
            hint = hint_for_unread(path) or _READABLE
            raise UnreadableImage(f"{path}: is not a picture of a known format", hint=hint) from err
        except PermissionError as err:
            raise UnreadableImage(f"{path}: no permission to read it", may_pass=True) from err
        except BYTE_ERRORS as err:
            raise _damaged(path, err) from err


@contextmanager
def decoding(path: Path) -> Iterator[None]:
    """Turn whatever Pillow throws in the block into an ``InputImageError`` about ``path``.

    Only calls of Pillow belong in it: a bug of ours would be told as damage. What ``reading`` tells in other
    words is left to it.
    """
    try:
        yield
    except (UnidentifiedImageError, PermissionError, Image.DecompressionBombError):
        raise
    except DECODER_ERRORS as err:
        raise _damaged(path, err) from err


@contextmanager
def within_memory(path: Path) -> Iterator[None]:
    """Say that there is too little memory for the picture at ``path`` if it runs out in the block."""
    try:
        yield
    except MemoryError as err:
        message = f"{path}: there is too little memory left to read it"
        raise UnsupportedImage(message, may_pass=True) from err


@functools.cache
def _hush_libtiff() -> None:
    """Keep Pillow's libtiff from writing about damaged files to stderr; Pillow's error tells of them.

    A symbol is looked up in what a library itself links against, too, so it is Pillow's own copy.
    """
    library = ctypes.CDLL(_imaging.__file__)
    for name in ("TIFFSetErrorHandler", "TIFFSetWarningHandler"):
        set_handler = getattr(library, name, None)  # linked statically on Windows
        if set_handler is not None:
            set_handler.restype = ctypes.c_void_p
            set_handler(None)


def _damaged(path: Path, err: Exception) -> UnreadableImage:
    is_the_systems = isinstance(err, OSError) and err.errno is not None  # Pillow's own have no number
    return UnreadableImage(f"{path}: is damaged or incomplete: {_line(err)}", may_pass=is_the_systems)


def _line(err: Exception) -> str:
    """Return the first line of what ``err`` says, or what it is."""
    said = str(err.detail) if isinstance(err, pyvips.Error) else err
    return _BUFFERED.sub("", first_line(said, type(err).__name__))
