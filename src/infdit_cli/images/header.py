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
from infdit_cli.images.heif import HeifPicture
from infdit_cli.images.metadata import FileMetadata, metadata_of, tiff_metadata
from infdit_cli.images.opening import Opened, open_picture
from infdit_cli.images.orientation import TURNED
from infdit_cli.images.tiff import rare_tiff_size
from infdit_cli.images.tiff_kind import is_tiff

# Pillow decodes an icon as it opens it: one of a megabyte may hold a picture of a gigabyte.
_ICON_START = b"\0\0\1\0"
_ICON_PIXELS = 1 << 24


def read_size(path: Path) -> Size:
    """Return the pixels of a picture, upright, from its header; it may be of any size, unless it is an icon.

    Raises:
        UnreadableImage: If it is missing, or no picture.
        UnsupportedImage: If it is an icon of far too many pixels.
    """
    check_file(path)
    with reading(path, max_pixels=sys.maxsize):
        limit, kind = (_ICON_PIXELS, "icons") if _is_icon(path) else (sys.maxsize, "")
    with pillow_limits(limit), reading(path, max_pixels=limit, limited=kind):
        try:
            opened = open_picture(path)
        except UnidentifiedImageError:
            if not is_tiff(path):
                raise
            return _upright(rare_tiff_size(path), tiff_metadata(path))
        with closing(opened.image) as image:
            if isinstance(image, HeifPicture):  # of which the upright size is told
                return Size(image.height, image.width)
            return _upright(_stored(opened), metadata_of(opened))


def _is_icon(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_ICON_START)) == _ICON_START


def _stored(opened: Opened) -> Size:
    image = opened.image
    if isinstance(image, TiffImageFile):  # some versions of Pillow give the upright size
        with decoding(opened.path):
            return Size(image.tag_v2[IMAGELENGTH], image.tag_v2[IMAGEWIDTH])
    return Size(image.height, image.width)


def _upright(stored: Size, found: FileMetadata) -> Size:
    return Size(stored.width, stored.height) if found.orientation in TURNED else stored
