"""What travels beside the pixels: colour profile, EXIF and resolution."""

from __future__ import annotations

from typing import Any

import pyvips

_DEFAULT_PER_MM = 72 / 25.4  # 72 dpi, the default of EXIF; libvips would write 25.4


def attach(image: Any, *, icc_profile: bytes | None, exif: bytes | None) -> Any:
    """Return the libvips ``image`` with metadata that every saver embeds where its container can.

    A resolution in ``exif`` becomes the container's too: libvips reads it from there. A grey profile
    is left out of a picture that is RGB by now (WebP): it would not fit its pixels.
    """
    image = image.copy(xres=_DEFAULT_PER_MM, yres=_DEFAULT_PER_MM)
    fits = icc_profile and (icc_profile[16:20] == b"GRAY") == (image.bands <= 2)
    for name, blob in (("icc-profile-data", icc_profile if fits else None), ("exif-data", exif)):
        if blob:
            image.set_type(pyvips.GValue.blob_type, name, blob)
    return image
