"""Metadata of the upscaled picture, from those of the picture it was made of."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from infdit_cli.geometry import Size
from infdit_cli.images.orientation import UPRIGHT
from infdit_cli.images.xmp import rewritten_xmp
from infdit_cli.images.xmp_regions import resized_regions
from infdit_cli.metadata import Metadata, Provenance
from infdit_cli.metadata.exif import (
    FOCAL_PLANE_X_RESOLUTION,
    FOCAL_PLANE_Y_RESOLUTION,
    IMAGE_LENGTH,
    IMAGE_WIDTH,
    LARGEST_RATIO,
    ORIENTATION,
    PIXEL_X_DIMENSION,
    PIXEL_Y_DIMENSION,
    RESOLUTION_UNIT,
    X_RESOLUTION,
    Y_RESOLUTION,
    Exif,
)
from infdit_cli.metadata.ifd import Directory
from infdit_cli.metadata.marks import ICC_TAG, IPTC_TAG, PHOTOSHOP_TAG, XMP_TAG

_INCH = 2
# Pixels of the sensor for a unit of its plane: the focal length in 35 mm is reckoned from them.
_FOCAL_PLANE = (FOCAL_PLANE_X_RESOLUTION, FOCAL_PLANE_Y_RESOLUTION)
# Places in the old picture, and the size of what it was made of.
_PLACES = frozenset({0x9214, 0xA214})
_RELATED_SIZE = frozenset({0x1001, 0x1002})
# In the main directory of some EXIF blocks; they travel by themselves.
_OTHER_BLOCKS = frozenset({XMP_TAG, IPTC_TAG, PHOTOSHOP_TAG, ICC_TAG})


class Grown(NamedTuple):
    """How much larger a picture became, across and down."""

    across: float
    down: float


def output_metadata(
    source: Metadata, *, source_size: Size, size: Size, provenance: Provenance | None
) -> tuple[Metadata, tuple[str, ...]]:
    """Return what an upscaled picture should carry, and what the user should know about it.

    Orientation is reset, sizes are the new ones, and the resolution grows with the picture, so that it
    prints as large as before. What only tells of the old pixels is dropped.

    Args:
        source: As it was read.
        source_size: Of the upright picture.
        size: Of the upscaled one.
        provenance: How it came about, for the XMP; ``None`` leaves it out.
    """
    grown = Grown(size.width / source_size.width, size.height / source_size.height)
    dpi = source.dpi and _denser(source.dpi, grown)
    xmp, notes = _xmp(source.xmp, source_size, size, provenance)
    exif = _exif(source.exif, size, grown, dpi)
    return replace(source, exif=exif, xmp=xmp, dpi=dpi), notes


def _denser(dpi: tuple[float, float], grown: Grown) -> tuple[float, float]:
    """A pixel enlarged to thousands would have a resolution that libvips refuses."""
    across, down = (min(old * factor, LARGEST_RATIO) for old, factor in zip(dpi, grown, strict=True))
    return across, down


def _xmp(
    packet: bytes | None, source_size: Size, size: Size, provenance: Provenance | None
) -> tuple[bytes | None, tuple[str, ...]]:
    try:
        return rewritten_xmp(packet and resized_regions(packet, source_size, size), provenance), ()
    except ValueError:
        return rewritten_xmp(None, provenance), ("the XMP data could not be read and was dropped",)


def _exif(block: bytes | None, size: Size, grown: Grown, dpi: tuple[float, float] | None) -> bytes | None:
    old = Exif.parse(block) if block else Exif()
    main = {number: tag for number, tag in old.main.items() if number not in _OTHER_BLOCKS}
    if old:
        main[ORIENTATION] = old.short(UPRIGHT)
    if dpi:
        main[X_RESOLUTION], main[Y_RESOLUTION] = (old.rational(value) for value in dpi)
        main[RESOLUTION_UNIT] = old.short(_INCH)
    _resize(old, main, (IMAGE_WIDTH, IMAGE_LENGTH), size)
    interop = {number: tag for number, tag in old.interop.items() if number not in _RELATED_SIZE}
    new = replace(old, main=main, exif=_shooting(old, size, grown), interop=interop)
    return new.tobytes() if new else None


def _shooting(old: Exif, size: Size, grown: Grown) -> Directory:
    exif = {number: tag for number, tag in old.exif.items() if number not in _PLACES}
    _resize(old, exif, (PIXEL_X_DIMENSION, PIXEL_Y_DIMENSION), size)
    for number, factor in zip(_FOCAL_PLANE, grown, strict=True):
        resolution = old.ratio(exif, number)
        if resolution:
            exif[number] = old.rational(float(resolution) * factor)
    return exif


def _resize(old: Exif, tags: Directory, numbers: tuple[int, int], size: Size) -> None:
    """Set width and height where they are given at all."""
    for number, side_px in zip(numbers, (size.width, size.height), strict=True):
        if number in tags:
            tags[number] = old.long(side_px)
