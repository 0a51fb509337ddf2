"""PNG, TIFF, AVIF and PPM of more than 8 bits, which Pillow would reduce or cannot open."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from PIL import ImageFile

from infdit_cli.images.colour import Colours
from infdit_cli.images.opening import Opened
from infdit_cli.images.source import Pixels
from infdit_cli.images.tiff import read_tiff
from infdit_cli.images.tiff_kind import is_tiff
from infdit_cli.images.vips import load, pixels_of

_BAND_ROWS = 256
_LAST_OF_A_BYTE, _LAST_OF_TWO = 255, 65_535
_DEEP = frozenset({"grey16", "rgb16"})


def read_deep(opened: Opened) -> Colours | None:
    """Return the pixels of a deep file as uint16; ``None`` for any other.

    PNG and TIFF come as they are stored, AVIF comes upright: there turning is part of the coding.

    Raises:
        UnsupportedImage: If it is a TIFF that no decoder gives the pixels of correctly.
        pyvips.Error: If the file is damaged.
    """
    path, image = opened.path, opened.image
    if image.tile and image.tile[0].codec_name == "ppm":
        return _read_ppm(path, image)
    if image.format == "PNG" and _claims_16_bits(image):
        return _read(load("pngload", opened.content), image)
    if image.format == "AVIF":  # of which Pillow tells no depth
        return _read(load("heifload", path), image)
    # Pillow also opens files whose first bytes are not quite a TIFF's; no other reader does.
    return read_tiff(path) if image.format == "TIFF" and is_tiff(path) else None


def _read(picture: Any, image: ImageFile.ImageFile) -> Colours | None:
    if picture.interpretation not in _DEEP or picture.format != "ushort":
        return None
    profile = image.info.get("icc_profile")
    if image.format == "AVIF":
        return Colours(_widened(picture), profile, is_upright=True)
    return Colours(pixels_of(picture), profile)


def _read_ppm(path: Path, image: ImageFile.ImageFile) -> Colours | None:
    """Return a PPM or PGM of two bytes a sample, which libvips's packages leave out."""
    (tile,) = image.tile
    if not isinstance(tile.args, tuple) or tile.args[1] <= _LAST_OF_A_BYTE:
        return None
    num_channels = 3 if image.mode == "RGB" else 1
    num_samples = image.width * image.height * num_channels
    samples = np.fromfile(path, ">u2", count=num_samples, offset=tile.offset)
    pixels = samples.reshape(image.height, image.width, num_channels)
    white: int = tile.args[1]
    if white != _LAST_OF_TWO:
        pixels = np.rint(np.minimum(pixels, white) * (_LAST_OF_TWO / white))
    return Colours(pixels.astype(np.uint16), None)


def _widened(picture: Any) -> Pixels:
    """Fill the low bits, which libvips leaves 0, with the high ones, so that white is 65,535."""
    pixels = pixels_of(picture)
    for rows in range(0, len(pixels), _BAND_ROWS):
        band = pixels[rows : rows + _BAND_ROWS]
        band |= band >> picture.get("bits-per-sample")
    return pixels


def _claims_16_bits(image: ImageFile.ImageFile) -> bool:
    """Ask Pillow's header first, so that libvips opens only the few files that need it."""
    return image.mode.startswith("I;16") or any(";16" in str(tile.args) for tile in image.tile)
