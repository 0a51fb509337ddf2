"""What travels beside the pixels: colour profile, EXIF and resolution."""

from __future__ import annotations

import math
import struct
from typing import Any

import pyvips
from PIL import ExifTags, Image

_DEFAULT_PER_MM = 72 / 25.4  # the EXIF default; libvips would write 25.4 dpi
_MM = {2: 25.4, 3: 10.0}  # millimetres of the EXIF resolution units, inch and centimetre


def attach(image: Any, *, icc_profile: bytes | None, exif: bytes | None) -> Any:
    """Return the libvips ``image`` with metadata that every saver embeds where its container can.

    A grey profile is left out of a picture that is RGB by now (WebP): it would not fit its pixels.
    """
    per_mm = _pixels_per_mm(exif)
    image = image.copy(xres=per_mm[0], yres=per_mm[1])
    fits = icc_profile and (icc_profile[16:20] == b"GRAY") == (image.bands <= 2)
    for name, blob in (("icc-profile-data", icc_profile if fits else None), ("exif-data", exif)):
        if blob:
            image.set_type(pyvips.GValue.blob_type, name, blob)
    return image


def _pixels_per_mm(exif: bytes | None) -> tuple[float, float]:
    """Return the resolution in ``exif``: libvips overwrites the tags with the resolution it is given."""
    tags = Image.Exif()
    try:
        tags.load(exif or b"")
        millimetres = _MM[tags.get(ExifTags.Base.ResolutionUnit, 2)]
        x, y = (
            float(tags[tag]) / millimetres for tag in (ExifTags.Base.XResolution, ExifTags.Base.YResolution)
        )
    except (LookupError, ArithmeticError, TypeError, ValueError, SyntaxError, OSError, struct.error):
        return _DEFAULT_PER_MM, _DEFAULT_PER_MM
    usable = all(math.isfinite(value) and value > 0 for value in (x, y))
    return (x, y) if usable else (_DEFAULT_PER_MM, _DEFAULT_PER_MM)
