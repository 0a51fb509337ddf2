"""16-bit PNG and TIFF, which Pillow would reduce to 8 bits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyvips
from PIL import ImageFile

from infdit_cli.images.source import Pixels

_LOADERS = {"PNG": "pngload", "TIFF": "tiffload"}
_DEEP = frozenset({"grey16", "rgb16"})


def read_deep(path: Path, image: ImageFile.ImageFile) -> Pixels | None:
    """Return the pixels of a 16-bit file, ``[H, W, 1 to 4]`` uint16, upright; ``None`` for any other.

    Args:
        path: The file.
        image: The same file as opened by Pillow, which knows its format.

    Raises:
        pyvips.Error: If the file is damaged.
    """
    loader = _LOADERS.get(image.format or "")
    if loader is None or not _claims_16_bits(image):
        return None
    picture = _load(loader, path)
    if picture.interpretation not in _DEEP or picture.format != "ushort" or picture.bands > 4:
        return None
    pixels: Pixels = picture.autorot().numpy()
    return pixels.reshape(*pixels.shape[:2], -1)


def _claims_16_bits(image: ImageFile.ImageFile) -> bool:
    """Ask Pillow's header first, so that libvips opens only the few files that need it."""
    return image.mode.startswith("I;16") or any(";16" in str(tile.args) for tile in image.tile)


def _load(loader: str, path: Path) -> Any:
    # revalidate: libvips would otherwise answer from its cache when a file of that name has changed.
    return pyvips.Operation.call(loader, str(path), access="sequential", fail_on="error", revalidate=True)
