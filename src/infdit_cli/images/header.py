"""What a file says of its picture before any pixel is decoded."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path

from PIL import UnidentifiedImageError
from PIL.TiffImagePlugin import IMAGELENGTH, IMAGEWIDTH, TiffImageFile

from infdit_cli.geometry import Size
from infdit_cli.images.checks import check_file
from infdit_cli.images.guard import decoding, pillow_limits, reading
from infdit_cli.images.metadata import FileMetadata, metadata_of, tiff_metadata
from infdit_cli.images.opening import Opened, open_picture
from infdit_cli.images.orientation import TURNED
from infdit_cli.images.tiff import rare_tiff_size
from infdit_cli.images.tiff_kind import is_tiff


def read_size(path: Path) -> Size:
    """Return the pixels of a picture, upright, from its header; it may be of any size.

    Raises:
        UnreadableImage: If it is missing, or no picture.
    """
    check_file(path)
    with pillow_limits(sys.maxsize), reading(path, max_pixels=sys.maxsize):
        try:
            opened = open_picture(path)
        except UnidentifiedImageError:
            if not is_tiff(path):
                raise
            return _upright(rare_tiff_size(path), tiff_metadata(path))
        with closing(opened.image):
            return _upright(_stored(opened), metadata_of(opened))


def _stored(opened: Opened) -> Size:
    image = opened.image
    if isinstance(image, TiffImageFile):  # some versions of Pillow give the upright size
        with decoding(opened.path):
            return Size(image.tag_v2[IMAGELENGTH], image.tag_v2[IMAGEWIDTH])
    return Size(image.height, image.width)


def _upright(stored: Size, found: FileMetadata) -> Size:
    return Size(stored.width, stored.height) if found.orientation in TURNED else stored
