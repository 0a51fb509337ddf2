"""What libvips is to write beside the pixels: colour profile, resolution, and some blocks of metadata."""

from __future__ import annotations

from typing import Any

import pyvips

from infdit_cli.metadata import Metadata
from infdit_cli.metadata.icc_header import GREY, colour_space
from infdit_cli.tiles.writers.blocks import Block, resolution
from infdit_cli.tiles.writers.formats import OutputFormat

_MM = 25.4  # in an inch
# VipsForeignKeep of libvips 8.16: what a saver may write of what it is given or would make up.
KEEP_ICC = 8
_KEEP: dict[Block, int] = {"EXIF": 1, "XMP": 2}


def attach(image: Any, metadata: Metadata, container: OutputFormat) -> Any:
    """Return the libvips ``image`` with what libvips is to write of ``metadata``.

    A grey profile is left out of a picture that is RGB by now (WebP): it would not fit its pixels.
    """
    across, down = resolution(metadata)
    image = image.copy(xres=across / _MM, yres=down / _MM)
    image.set_type(pyvips.GValue.gstr_type, "resolution-unit", "in")  # TIFF would be told in centimetres
    profile = metadata.icc_profile
    if profile and (colour_space(profile) == GREY) == (image.bands <= 2):
        image.set_type(pyvips.GValue.blob_type, "icc-profile-data", profile)
    if xmp := container.blocks_by_libvips(metadata).get("XMP"):
        image.set_type(pyvips.GValue.blob_type, "xmp-data", xmp)
    return image


def keep_flags(metadata: Metadata, container: OutputFormat) -> int:
    """Return what the saver may write; EXIF it makes up, so only where ours takes its place."""
    return KEEP_ICC + sum(_KEEP[name] for name in container.blocks_by_libvips(metadata))
