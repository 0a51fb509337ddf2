"""Open a picture, mostly with Pillow, for its header and what lies beside the pixels."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageFile

from infdit_cli.images.guard import decoding
from infdit_cli.images.heif import open_heif
from infdit_cli.images.png_chunks import damaged_metadata, without_chunks


class Opened(NamedTuple):
    """A picture that is not decoded yet.

    Attributes:
        path: The file.
        image: What Pillow makes of it, or what stands in for that.
        content: The file, or its bytes without damaged metadata that Pillow would refuse it for.
        notes: What to tell the user.
    """

    path: Path
    image: ImageFile.ImageFile
    content: Path | bytes
    notes: tuple[str, ...] = ()


def open_picture(path: Path) -> Opened:
    """Open ``path``, of any format.

    Raises:
        UnidentifiedImageError: If Pillow knows no such format.
        InputImageError: If the header is damaged.
        DecompressionBombError: If it tells of more pixels than Pillow may open.
        Exception: Any of ``BYTE_ERRORS`` if the file cannot be read.
    """
    heif = open_heif(path)
    if heif is not None:
        return Opened(path, heif, path)
    damaged = damaged_metadata(path)
    if not damaged:
        return Opened(path, _opened(path, path), path)
    content = without_chunks(path, damaged)
    kinds = ", ".join(dict.fromkeys(each.kind.decode() for each in damaged))
    note = f"damaged metadata was dropped: {kinds}"
    return Opened(path, _opened(path, BytesIO(content)), content, (note,))


def _opened(path: Path, file: Path | BytesIO) -> ImageFile.ImageFile:
    with decoding(path):
        return Image.open(file)
