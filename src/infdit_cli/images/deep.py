"""PNG, TIFF, AVIF and PPM of more than 8 bits, which Pillow would reduce or cannot open."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pyvips
from PIL import ImageFile

from infdit_cli.errors import UnsupportedImage
from infdit_cli.geometry import Size
from infdit_cli.images.colour import Colours
from infdit_cli.images.files import check_area
from infdit_cli.images.source import Pixels

_LOADERS = {"PNG": "pngload", "TIFF": "tiffload", "AVIF": "heifload"}
_TIFF_STARTS = frozenset({b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+"})
_BAND_ROWS = 256
_LAST_OF_A_BYTE, _LAST_OF_TWO = 255, 65_535
_DEEP = frozenset({"grey16", "rgb16"})


def read_deep(path: Path, image: ImageFile.ImageFile) -> Colours | None:
    """Return the pixels of a deep file as uint16; ``None`` for any other.

    PNG and TIFF come as they are stored, AVIF comes upright: there turning is part of the coding.

    Args:
        path: The file.
        image: The same file as opened by Pillow, which knows its format.

    Raises:
        pyvips.Error: If the file is damaged.
    """
    if image.tile and image.tile[0].codec_name == "ppm":
        return _read_ppm(path, image)
    loader = _LOADERS.get(image.format or "")
    if loader is None or not _claims_16_bits(image):
        return None
    picture = _load(loader, path)
    if not _is_deep(picture):
        return None
    profile = image.info.get("icc_profile")
    if image.format == "AVIF":
        return Colours(_widened(picture), profile, is_upright=True)
    return Colours(_pixels(picture), profile)


def _read_ppm(path: Path, image: ImageFile.ImageFile) -> Colours | None:
    """Return a PPM of two bytes a sample, which libvips's packages leave out."""
    (tile,) = image.tile
    if not isinstance(tile.args, tuple) or tile.args[1] <= _LAST_OF_A_BYTE:
        return None
    samples = np.fromfile(path, ">u2", count=image.width * image.height * 3, offset=tile.offset)
    pixels = samples.reshape(image.height, image.width, 3)
    white: int = tile.args[1]
    if white != _LAST_OF_TWO:
        pixels = np.rint(np.minimum(pixels, white) * (_LAST_OF_TWO / white))
    return Colours(pixels.astype(np.uint16), None)


def is_tiff(path: Path) -> bool:
    """Return whether ``path`` starts like a TIFF or BigTIFF of either byte order."""
    with path.open("rb") as file:
        return file.read(4) in _TIFF_STARTS


def read_rare_tiff(path: Path, max_pixels: int) -> Colours:
    """Return a TIFF that Pillow cannot open: 16-bit grey with alpha is the common one.

    Raises:
        UnsupportedImage: If it is larger than ``max_pixels``, or has neither 16 bits nor a usual number
            of channels.
        pyvips.Error: If it is damaged.
    """
    picture = _load("tiffload", path)
    check_area(path, Size(picture.height, picture.width), max_pixels)
    if not _is_deep(picture):
        raise UnsupportedImage(
            f"{path}: is a TIFF of {picture.bands} channels of {picture.format} ({picture.interpretation})",
            hint="save it with 8 or 16 bits a channel",
        )
    has_profile = picture.get_typeof("icc-profile-data")
    return Colours(_pixels(picture), picture.get("icc-profile-data") if has_profile else None)


def rare_tiff_size(path: Path) -> Size:
    """Return the pixels of a TIFF that Pillow cannot open, as it is stored.

    Raises:
        pyvips.Error: If it is damaged.
    """
    picture = _load("tiffload", path)
    return Size(picture.height, picture.width)


def _is_deep(picture: Any) -> bool:
    return picture.interpretation in _DEEP and picture.format == "ushort" and picture.bands <= 4


def _pixels(picture: Any) -> Pixels:
    pixels: Pixels = picture.numpy()
    return pixels.reshape(*pixels.shape[:2], -1)


def _widened(picture: Any) -> Pixels:
    """Fill the low bits, which libvips leaves 0, with the high ones, so that white is 65,535."""
    pixels = _pixels(picture)
    for rows in range(0, len(pixels), _BAND_ROWS):
        band = pixels[rows : rows + _BAND_ROWS]
        band |= band >> picture.get("bits-per-sample")
    return pixels


def _claims_16_bits(image: ImageFile.ImageFile) -> bool:
    """Ask Pillow's header first, so that libvips opens only the few files that need it."""
    if image.format == "AVIF":
        return True  # of which Pillow tells no depth
    return image.mode.startswith("I;16") or any(";16" in str(tile.args) for tile in image.tile)


def _load(loader: str, path: Path) -> Any:
    # revalidate: libvips would otherwise answer from its cache when a file of that name has changed.
    return pyvips.Operation.call(
        loader, os.fsencode(path), access="sequential", fail_on="error", revalidate=True
    )
