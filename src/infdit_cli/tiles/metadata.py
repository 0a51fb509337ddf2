"""What travels beside the pixels: colour profile, EXIF, XMP, IPTC and resolution."""

from __future__ import annotations

from typing import Any

import pyvips

from infdit_cli.metadata import Metadata
from infdit_cli.tiles.formats import Block, OutputFormat, kept_blocks

_DEFAULT_DPI = (72.0, 72.0)  # the default of EXIF; libvips would write 25.4
_MM = 25.4  # in an inch
_FIELDS: dict[Block, str] = {"EXIF": "exif-data", "XMP": "xmp-data", "IPTC": "iptc-data"}
# VipsForeignKeep of libvips 8.16: what a saver may write of what it is given or would make up.
_KEEP: dict[Block, int] = {"EXIF": 1, "XMP": 2, "IPTC": 4}
KEEP_ICC = 8
_NOT_BY_LIBVIPS: dict[str, set[Block]] = {"tiffsave": {"EXIF", "IPTC"}, "pngsave": {"XMP"}}


def attach(image: Any, metadata: Metadata, container: OutputFormat) -> Any:
    """Return the libvips ``image`` with everything of ``metadata`` that ``container`` keeps.

    A grey profile is left out of a picture that is RGB by now (WebP): it would not fit its pixels.
    """
    across, down = metadata.dpi or _DEFAULT_DPI
    image = image.copy(xres=across / _MM, yres=down / _MM)
    image.set_type(pyvips.GValue.gstr_type, "resolution-unit", "in")  # TIFF would be told in centimetres
    profile = metadata.icc_profile
    if profile and (profile[16:20] == b"GRAY") == (image.bands <= 2):
        _set(image, "icc-profile-data", profile)
    for name, block in _embedded(metadata, container).items():
        _set(image, _FIELDS[name], _photoshop(block) if name == "IPTC" else block)
    return image


def keep_flags(metadata: Metadata, container: OutputFormat) -> int:
    """Return what the saver may write: without EXIF of ours libvips would make up some of its own."""
    return KEEP_ICC + sum(_KEEP[name] for name in _embedded(metadata, container))


def _embedded(metadata: Metadata, container: OutputFormat) -> dict[Block, bytes]:
    """Return the blocks that libvips is to write; ``tiff_tags`` and ``png_text`` add the others."""
    kept, ours = kept_blocks(container, metadata), _NOT_BY_LIBVIPS.get(container.saver, set())
    return {name: block for name, block in kept.items() if name not in ours}


def _set(image: Any, name: str, block: bytes) -> None:
    image.set_type(pyvips.GValue.blob_type, name, block)


def _photoshop(datasets: bytes) -> bytes:
    """Return IPTC as JPEG has it: a resource of Photoshop (its file format specification, 0x0404)."""
    padding = b"\0" * (len(datasets) % 2)
    return b"Photoshop 3.0\x008BIM\x04\x04\0\0" + len(datasets).to_bytes(4, "big") + datasets + padding
