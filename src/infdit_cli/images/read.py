"""Read a picture file of any common format."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import ImageFile, UnidentifiedImageError

from infdit_cli.errors import UnsupportedImage
from infdit_cli.geometry import Size
from infdit_cli.images.alpha import bleed_colours
from infdit_cli.images.checks import check_area, check_file, check_jpeg2000_is_whole, check_png_is_sound
from infdit_cli.images.colour import Colours, colours_of, scale_transparent_grey
from infdit_cli.images.declared import declared_notes
from infdit_cli.images.deep import read_deep
from infdit_cli.images.guard import decoding, pillow_limits, reading, within_memory
from infdit_cli.images.heif import HeifPicture, heif_colours
from infdit_cli.images.icc import fitting_profile
from infdit_cli.images.jpeg_quality import jpeg_quality
from infdit_cli.images.metadata import FileMetadata, frame_notes, metadata_of, tiff_metadata
from infdit_cli.images.opening import Opened, open_picture
from infdit_cli.images.orientation import UPRIGHT, upright
from infdit_cli.images.source import SourceImage
from infdit_cli.images.tiff import read_rare_tiff
from infdit_cli.images.tiff_kind import is_tiff
from infdit_cli.images.unread_profile import unread_profile

# Five times Pillow's own limit for trusted files; as RGB it is 3 GB of memory, its x4 output 48 GB.
MAX_PIXELS = 1_000_000_000


def read_image(path: Path, *, max_pixels: int = MAX_PIXELS) -> SourceImage:
    """Read the first frame of a picture, upright, in RGB, with 16 bits where the file has them.

    Args:
        path: A file of any format that Pillow reads, or HEIC.
        max_pixels: Larger pictures are refused before they are decoded.

    Raises:
        UnreadableImage: If it is missing, no picture, damaged or incomplete.
        UnsupportedImage: If it is too large, or of a kind that is not handled.
    """
    check_file(path)
    with pillow_limits(max_pixels), reading(path, max_pixels=max_pixels):
        found = _found(path, max_pixels)
    with within_memory(path):
        return _assembled(found)


class _Found(NamedTuple):
    """What a file holds: pixels as they are stored, what it says of them, and what to tell the user."""

    colours: Colours
    told: FileMetadata
    notes: tuple[str, ...]
    jpeg_quality: int | None = None


def _found(path: Path, max_pixels: int) -> _Found:
    try:
        opened = open_picture(path)
    except UnidentifiedImageError:
        if not is_tiff(path):
            raise
        return _Found(read_rare_tiff(path, max_pixels), tiff_metadata(path), ())
    with closing(opened.image) as image:  # which frees Pillow's pixels before ours are worked on
        check_area(path, Size(image.height, image.width), max_pixels)
        _check_kind(path, image)
        _settle_profile(path, image)
        colours = _decoded(opened)
        told = metadata_of(opened)
        notes = opened.notes + declared_notes(opened)
        with decoding(path):
            return _Found(colours, told, notes + frame_notes(image), jpeg_quality(image))


def _settle_profile(path: Path, image: ImageFile.ImageFile) -> None:
    """Put the profile where Pillow puts those that it reads."""
    profile = unread_profile(path, image) or image.info.get("icc_profile")
    if profile is not None:
        # In a TIFF it may be text or numbers; that is as damaged as an empty one.
        image.info["icc_profile"] = profile if isinstance(profile, bytes) else bytes(1)


def _check_kind(path: Path, image: ImageFile.ImageFile) -> None:
    if image.format == "EPS":  # Pillow would hand the program inside to Ghostscript
        raise UnsupportedImage(f"{path}: is a PostScript program", hint="render it to PNG first")
    if image.format == "JPEG2000":
        check_jpeg2000_is_whole(path)
    if image.format == "PNG":
        check_png_is_sound(path)


def _decoded(opened: Opened) -> Colours:
    image = opened.image
    if isinstance(image, HeifPicture):
        return heif_colours(opened.path, image)
    deep = read_deep(opened)
    if deep is not None:
        return deep
    with decoding(opened.path):
        scale_transparent_grey(image)
        image.load()
        # Of all its formats Pillow turns TIFF, and only TIFF, by itself.
        return colours_of(image)._replace(is_upright=image.format == "TIFF")


def _assembled(found: _Found) -> SourceImage:
    """Split the channels, and fill in what no eye but a network's would see."""
    colours, told = found.colours, found.told
    pixels = colours.pixels
    num_channels = pixels.shape[2]
    has_alpha, grey = num_channels % 2 == 0, num_channels <= 2
    if has_alpha:
        bleed_colours(pixels[..., :-1], pixels[..., -1])
    pixels = upright(pixels, UPRIGHT if colours.is_upright else told.orientation)
    rgb = pixels[..., : 1 if grey else 3]
    profile, profile_notes = fitting_profile(colours.icc_profile, grey=grey)
    return SourceImage(
        rgb=np.broadcast_to(rgb, (*rgb.shape[:2], 3)),
        alpha=pixels[..., -1] if has_alpha else None,
        grey=grey,
        metadata=replace(told.metadata, icc_profile=profile),
        jpeg_quality=found.jpeg_quality,
        notes=found.notes + told.notes + colours.notes + profile_notes,
    )
