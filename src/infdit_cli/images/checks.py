"""What can be wrong with a file whatever its decoder says."""

from __future__ import annotations

import stat
from pathlib import Path

from infdit_cli.errors import UnreadableImage, UnsupportedImage
from infdit_cli.geometry import Size
from infdit_cli.images.heif_items import heif_items
from infdit_cli.images.missing import missing, wildcard_hint
from infdit_cli.images.png_chunks import pixels_are_damaged

_CODESTREAM_START = b"\xff\x4f\xff\x51"
_CODESTREAM_END = b"\xff\xd9"


def check_file(path: Path) -> None:
    """Fail unless ``path`` is a plain file with something in it.

    Raises:
        UnreadableImage: Saying what it is instead.
    """
    try:
        status = path.stat()
    except FileNotFoundError as err:
        raise missing(path) from err
    except (OSError, ValueError) as err:  # ValueError: a NUL in the name
        why = getattr(err, "strerror", err)
        raise UnreadableImage(
            f"{path}: cannot be opened: {why}", hint=wildcard_hint(path), may_pass=isinstance(err, OSError)
        ) from err
    if stat.S_ISDIR(status.st_mode):
        raise UnreadableImage(f"{path}: is a folder, not a picture", hint="name the files in it")
    if not stat.S_ISREG(status.st_mode):
        raise UnreadableImage(f"{path}: is a device or pipe, not a file", hint="save it to a file first")
    if not status.st_size:
        raise UnreadableImage(f"{path}: is empty (0 bytes)")


def check_area(path: Path, size: Size, max_pixels: int) -> None:
    """Fail if a picture of ``size`` has more than ``max_pixels``.

    Raises:
        UnsupportedImage: With the numbers.
    """
    if size.area > max_pixels:
        raise UnsupportedImage(
            f"{path}: {size.width:,} x {size.height:,} pixels are over the limit of {max_pixels:,}"
        )


def check_jpeg2000_is_whole(path: Path) -> None:
    """Fail if a JPEG 2000 file lacks its end.

    OpenJPEG decodes a file cut after its header into a grey picture without a word; the end marker
    cannot occur inside compressed data.

    Raises:
        UnreadableImage: If there is no end marker.
    """
    data = path.read_bytes()
    if data.find(_CODESTREAM_END, data.find(_CODESTREAM_START)) < 0:
        raise UnreadableImage(f"{path}: is damaged or incomplete: the JPEG 2000 end marker is missing")


def check_png_is_sound(path: Path) -> None:
    """Fail if a checksum of a PNG's pixels is wrong; Pillow looks at those of other chunks only.

    Raises:
        UnreadableImage: If so.
    """
    if pixels_are_damaged(path):
        raise UnreadableImage(f"{path}: is damaged or incomplete: a checksum of its pixels is wrong")


def check_heif_is_sound(path: Path) -> None:
    """Fail if a HEIF ends before its data do, or the kinds of its items are no text.

    Of a picture in tiles, as phones write it, libheif leaves out those that are missing without a word, and
    pi_heif ends the process over text that is none.

    Raises:
        UnreadableImage: Saying which.
        EOFError: If what it tells of its items breaks off.
    """
    num_bytes, items = path.stat().st_size, heif_items(path)
    if num_bytes < items.end:
        raise UnreadableImage(
            f"{path}: is damaged or incomplete: it has {num_bytes:,} bytes and needs {items.end:,}"
        )
    try:
        b"".join(items.texts).decode()
    except UnicodeDecodeError as err:
        raise UnreadableImage(f"{path}: is damaged or incomplete: what it consists of is no text") from err
