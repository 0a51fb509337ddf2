"""Pixels as a container can hold them; ``format_notes`` has told the user what is given up."""

from __future__ import annotations

from typing import Any

import pyvips

from infdit_cli.tiles.writers.formats import OutputFormat


def fitted(image: Any, container: OutputFormat, profile: bytes | None) -> Any:
    """Return the libvips ``image`` without what ``container`` cannot hold.

    Args:
        image: Grey or RGB of 8 or 16 bits, with or without alpha.
        container: What it is written to.
        profile: The colour profile of its pixels.
    """
    if image.bands <= 2 and not container.holds_grey:
        image = _in_colour(image, profile)
    if image.hasalpha() and not container.holds_alpha:
        image = image.flatten(background=255 if image.format == "uchar" else 65_535)
    if image.format == "ushort" and container.max_bits == 8:
        narrow = "b-w" if image.interpretation == "grey16" else "srgb"
        image = (image / 257).rint().cast("uchar").copy(interpretation=narrow)
    if image.format == "ushort" and container.max_bits == 12:
        # libvips drops the lowest four bits; so that it rounds instead, they are rounded away before.
        image = ((image * (4095 / 65_535)).rint() * 16).cast("ushort").copy(interpretation="rgb16")
    return image


def _in_colour(grey: Any, profile: bytes | None) -> Any:
    """Return a grey image in sRGB, with the tones that its profile gives it."""
    is_deep = grey.format == "ushort"
    if profile:
        tagged = grey.copy()
        tagged.set_type(pyvips.GValue.blob_type, "icc-profile-data", profile)
        try:
            converted = tagged.icc_transform(
                "srgb", embedded=True, intent="perceptual", depth=16 if is_deep else 8
            )
        except pyvips.Error:  # damage that only shows when it is used must not cost the finished picture
            pass
        else:
            return _without_profile(converted)
    return grey.colourspace("rgb16" if is_deep else "srgb")


def _without_profile(image: Any) -> Any:
    """Return ``image`` as what it is taken for then: sRGB."""
    image = image.copy()
    image.remove("icc-profile-data")
    return image
