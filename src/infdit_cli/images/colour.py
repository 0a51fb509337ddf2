"""Any of Pillow's pixel modes as grey or RGB, with or without alpha."""

from __future__ import annotations

from io import BytesIO
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageFile

from infdit_cli.images.bands import Convert, in_bands
from infdit_cli.images.source import Pixels
from infdit_cli.images.wide_samples import wide

_GREY = frozenset({"1", "L", "LA", "La"})
_STEPS = {"1": 255, "L;2": 85, "L;4": 17}  # to the next grey in 8 bits, by what Pillow calls the storage
_FOREIGN = frozenset({"CMYK", "LAB"})  # colours that mean nothing without a conversion


class Colours(NamedTuple):
    """Decoded pixels.

    Attributes:
        pixels: ``[H, W, 1 to 4]``.
        icc_profile: What they are in.
        notes: What to tell the user.
        is_upright: Whether the decoder has applied the orientation.
    """

    pixels: Pixels
    icc_profile: bytes | None
    notes: tuple[str, ...] = ()
    is_upright: bool = False


def colours_of(image: Image.Image) -> Colours:
    """Return the pixels of a loaded ``image`` of any mode."""
    profile = image.info.get("icc_profile")
    if image.mode in _FOREIGN:
        return _converted(image, profile)
    if image.mode in {"I", "F"} or image.mode.startswith("I;16"):
        pixels, notes = wide(image)
        return Colours(pixels, profile, notes)
    mode = _plain_mode(image)
    return Colours(in_bands(image, lambda band: np.asarray(band.convert(mode))), profile)


def scale_transparent_grey(image: ImageFile.ImageFile) -> None:
    """Widen the grey that is transparent in a PNG of 1 to 4 bits, before Pillow widens the others.

    Args:
        image: As opened; changed in place.
    """
    step = _STEPS.get(str(image.tile[0].args)) if image.tile else None
    grey = image.info.get("transparency")
    if step and isinstance(grey, int):
        image.info["transparency"] = min(grey * step, 255)  # some versions of Pillow widen that of 1 bit


def _plain_mode(image: Image.Image) -> str:
    transparent = image.has_transparency_data
    if image.mode in _GREY:
        return "LA" if transparent else "L"
    return "RGBA" if transparent else "RGB"


def _converted(image: Image.Image, profile: bytes | None) -> Colours:
    """Return CMYK or LAB as sRGB, by the embedded profile where there is a usable one."""
    note = f"{image.mode} was converted to sRGB"
    try:
        to_rgb = _by_profile(image.mode, profile)
    except (ImageCms.PyCMSError, OSError, ValueError):
        to_rgb, note = _without_profile, f"{note} without its colour profile, which is damaged"
    return Colours(in_bands(image, to_rgb), None, (note,))


def _by_profile(mode: str, profile: bytes | None) -> Convert:
    if mode == "LAB":
        source = ImageCms.createProfile("LAB")  # absolute colour: it needs no profile of its own
    elif profile:
        source = ImageCms.ImageCmsProfile(BytesIO(profile)).profile
    else:
        return _without_profile
    transform = ImageCms.buildTransform(source, ImageCms.createProfile("sRGB"), mode, "RGB")
    return lambda band: np.asarray(transform.apply(band))


def _without_profile(band: Image.Image) -> NDArray[Any]:
    return np.asarray(band.convert("RGB"))
