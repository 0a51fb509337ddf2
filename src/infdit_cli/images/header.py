"""What a file says of its picture before any pixel is decoded."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path

from PIL import ExifTags, Image, UnidentifiedImageError

from infdit_cli.geometry import Size
from infdit_cli.images.deep import is_tiff, rare_tiff_size
from infdit_cli.images.files import check_file
from infdit_cli.images.guard import DECODER_ERRORS, decoding, pillow_limits
from infdit_cli.images.orientation import TURNED


def read_size(path: Path) -> Size:
    """Return the pixels of a picture, upright, from its header; it may be of any size.

    Raises:
        UnreadableImage: If it is missing, or no picture.
    """
    check_file(path)
    with pillow_limits(sys.maxsize), decoding(path):
        try:
            opened = Image.open(path)
        except UnidentifiedImageError:
            if not is_tiff(path):
                raise
            return rare_tiff_size(path)
        with closing(opened) as image:
            size = Size(image.height, image.width)
            return Size(size.width, size.height) if _is_turned(image) else size


def _is_turned(image: Image.Image) -> bool:
    if image.format == "PNG" and "exif" not in image.info:
        return False  # it may follow the pixels, and Pillow would decode them all to look
    try:
        return image.getexif().get(ExifTags.Base.Orientation) in TURNED
    except DECODER_ERRORS:
        return False
