"""Pictures through libvips, which keeps 16 bits."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pyvips

from infdit_cli.images.source import Pixels

# libvips caps what it takes for a strip or tile at 50 MB, and reads zeros or nothing beyond. The area is
# checked before pixels are. PNG and AVIF have the option, too; no sound file was seen to reach their caps.
_CAPPED = "tiffload"


def load(loader: str, content: Path | bytes) -> Any:
    """Return a picture that is decoded when its pixels are asked for.

    Args:
        loader: The operation for a file of the format, such as ``pngload``.
        content: The file, or all its bytes.

    Raises:
        pyvips.Error: If it is damaged.
    """
    source: bytes = os.fsencode(content) if isinstance(content, Path) else content
    operation = loader if isinstance(content, Path) else f"{loader}_buffer"
    options = {"unlimited": True} if loader == _CAPPED and _has_cap(operation) else {}
    # revalidate: libvips would otherwise answer from its cache when a file of that name has changed.
    return pyvips.Operation.call(
        operation, source, access="sequential", fail_on="error", revalidate=True, **options
    )


def pixels_of(picture: Any) -> Pixels:
    """Return ``[H, W, channels]``.

    Raises:
        pyvips.Error: If the file is damaged.
    """
    # pyvips leaves out axes of one channel, and of one pixel.
    pixels: Pixels = picture.numpy().reshape(picture.height, picture.width, picture.bands)
    return pixels


def _has_cap(operation: str) -> bool:
    """Return whether this libvips knows the option; before 8.17 TIFF had neither it nor the cap."""
    return "unlimited" in pyvips.Introspect.get(operation).optional_input
