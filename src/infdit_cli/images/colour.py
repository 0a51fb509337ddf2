"""Any of Pillow's pixel modes as grey or RGB, with or without alpha."""

from __future__ import annotations

from io import BytesIO
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from infdit_cli.images.source import Pixels

_GREY = frozenset({"1", "L", "LA", "La"})
_FOREIGN = frozenset({"CMYK", "LAB"})  # colours that mean nothing without a conversion
_DEEPEST = 65_535


class Colours(NamedTuple):
    """Pixels ``[H, W, 1 to 4]``, the profile they are in, and what to tell the user."""

    pixels: Pixels
    icc_profile: bytes | None
    notes: tuple[str, ...] = ()


def colours_of(image: Image.Image) -> Colours:
    """Return the pixels of a loaded ``image`` of any mode."""
    profile = image.info.get("icc_profile")
    if image.mode in _FOREIGN:
        return _converted(image, profile)
    if image.mode in {"I", "F"} or image.mode.startswith("I;16"):
        pixels, notes = _wide(np.asarray(image))
        return Colours(pixels[..., None], profile, notes)
    pixels = np.asarray(image.convert(_plain_mode(image)))
    return Colours(pixels.reshape(*pixels.shape[:2], -1), profile)


def _plain_mode(image: Image.Image) -> str:
    transparent = image.has_transparency_data
    if image.mode in _GREY:
        return "LA" if transparent else "L"
    return "RGBA" if transparent else "RGB"


def _converted(image: Image.Image, profile: bytes | None) -> Colours:
    """Return CMYK or LAB as sRGB, by the embedded profile where there is a usable one."""
    note = f"{image.mode} was converted to sRGB"
    try:
        rgb = _by_profile(image, profile)
    except (ImageCms.PyCMSError, OSError, ValueError):
        rgb, note = image.convert("RGB"), f"{note} without its colour profile, which is damaged"
    return Colours(np.asarray(rgb), None, (note,))


def _by_profile(image: Image.Image, profile: bytes | None) -> Image.Image:
    if image.mode == "LAB":
        source = ImageCms.createProfile("LAB")  # absolute colour: it needs no profile of its own
    elif profile:
        source = ImageCms.ImageCmsProfile(BytesIO(profile)).profile
    else:
        return image.convert("RGB")
    target = ImageCms.createProfile("sRGB")
    transform = ImageCms.buildTransform(source, target, image.mode, "RGB")
    return transform.apply(image)


def _wide(values: NDArray[Any]) -> tuple[NDArray[np.uint16], tuple[str, ...]]:
    """Return wide integers or floats ``[H, W]`` as 16 bits.

    Integers that fit are taken as they are, floats in [0, 1] as shares of white. For anything else
    the file does not say what is white, so its range is stretched over ours.
    """
    exact = np.nan_to_num(values.astype(np.float64), posinf=0.0, neginf=0.0)
    low, high = float(exact.min()), float(exact.max())
    if values.dtype.kind in "iu" and low >= 0 and high <= _DEEPEST:
        return values.astype(np.uint16), ()
    if values.dtype.kind == "f" and low >= 0 and high <= 1:
        return np.rint(exact * _DEEPEST).astype(np.uint16), ()
    stretched = (exact - low) / ((high - low) or 1.0) * _DEEPEST
    return np.rint(stretched).astype(np.uint16), (
        f"values from {low:g} to {high:g} were stretched to 16 bits",
    )
