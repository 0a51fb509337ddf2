"""What travels beside the pixels: colour profile, EXIF, XMP, IPTC and resolution."""

from __future__ import annotations

from typing import Any

import pyvips

from infdit_cli.metadata import Metadata
from infdit_cli.tiles.formats import OutputFormat, kept_blocks

_DEFAULT_DPI = (72.0, 72.0)  # the default of EXIF; libvips would write 25.4
_MM = 25.4  # in an inch
# VipsForeignKeep of libvips 8.16: what a saver may write of what it is given or would make up.
_KEEP_EXIF, _KEEP_XMP, KEEP_ICC = 1, 2, 8
_XMP_BY_LIBVIPS = frozenset({"tiffsave", "webpsave", "heifsave"})
# libvips makes up a few tags, and a place for them, into which ours are put afterwards.
_EXIF_REPLACED = frozenset({"webpsave", "heifsave"})


def attach(image: Any, metadata: Metadata, container: OutputFormat) -> Any:
    """Return the libvips ``image`` with what libvips is to write of ``metadata``.

    A grey profile is left out of a picture that is RGB by now (WebP): it would not fit its pixels.
    """
    across, down = resolution(metadata)
    image = image.copy(xres=across / _MM, yres=down / _MM)
    image.set_type(pyvips.GValue.gstr_type, "resolution-unit", "in")  # TIFF would be told in centimetres
    profile = metadata.icc_profile
    if profile and (profile[16:20] == b"GRAY") == (image.bands <= 2):
        image.set_type(pyvips.GValue.blob_type, "icc-profile-data", profile)
    blocks = kept_blocks(container, metadata)
    if "XMP" in blocks and container.saver in _XMP_BY_LIBVIPS:
        image.set_type(pyvips.GValue.blob_type, "xmp-data", blocks["XMP"])
    return image


def keep_flags(metadata: Metadata, container: OutputFormat) -> int:
    """Return what the saver may write: EXIF it makes up, so only where ours takes its place."""
    blocks = kept_blocks(container, metadata)
    flags = KEEP_ICC
    if "XMP" in blocks and container.saver in _XMP_BY_LIBVIPS:
        flags += _KEEP_XMP
    if "EXIF" in blocks and container.saver in _EXIF_REPLACED:
        flags += _KEEP_EXIF
    return flags


def resolution(metadata: Metadata) -> tuple[float, float]:
    """Return what containers that state a resolution always are to state."""
    return metadata.dpi or _DEFAULT_DPI
