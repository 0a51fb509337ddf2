"""Blocks of metadata by name: what can travel beside the pixels besides colour profile and resolution."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from infdit_cli.metadata import Metadata

Block = Literal["EXIF", "XMP", "IPTC"]
Blocks = Mapping[Block, bytes]

_DEFAULT_DPI = (72.0, 72.0)  # the default of EXIF; libvips would write 25.4


def blocks_of(metadata: Metadata) -> dict[Block, bytes]:
    """Return the blocks that there are."""
    blocks: dict[Block, bytes | None] = {"EXIF": metadata.exif, "XMP": metadata.xmp, "IPTC": metadata.iptc}
    return {name: block for name, block in blocks.items() if block}


def resolution(metadata: Metadata) -> tuple[float, float]:
    """Return the dots an inch, across and down, that a container which always states them is to state."""
    return metadata.dpi or _DEFAULT_DPI
