"""From raw pixels on disk to a container, in one streaming pass of libvips."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pyvips

from infdit_cli.errors import DiskFull, OutputError
from infdit_cli.tiles.atomic import replacing
from infdit_cli.tiles.failures import output_errors
from infdit_cli.tiles.formats import OutputFormat, output_format
from infdit_cli.tiles.metadata import attach
from infdit_cli.tiles.pixel_format import PixelFormat
from infdit_cli.tiles.spool import Spool

_NO_SPACE_BYTES = 1 << 20


def encode(
    spool: Spool,
    destination: Path,
    *,
    icc_profile: bytes | None,
    exif: bytes | None,
    quality: int | None = None,
) -> None:
    """Write the picture in ``spool`` to ``destination``, which appears whole or not at all.

    Args:
        spool: The finished raw picture, still open.
        destination: Its suffix chooses the container; an existing file is replaced.
        icc_profile: Colour profile to embed.
        exif: EXIF block to embed, where the container holds one.
        quality: 1 to 100 for lossy containers; ``None`` for the container's own default.

    Raises:
        FormatLimit: If no container has the suffix.
        OutputError: If the file cannot be written.
    """
    container = output_format(destination)
    _keep_libvips_modest()
    options = container.save_options(spool.nbytes, quality)
    with output_errors(destination), replacing(destination) as temporary:
        try:
            image = _fitted(_opened(spool), container)
            image = attach(image, icc_profile=icc_profile, exif=exif)
            pyvips.Operation.call(container.saver, image, str(temporary), **options)
        except pyvips.Error as err:
            raise _told(destination, err) from err


def _keep_libvips_modest() -> None:
    """Cache nothing, since a cached spool would keep its blocks on disk after removal; few threads.

    Each thread of libvips has its own buffers, and encoding hardly gains from more than four.
    """
    pyvips.cache_set_max(0)
    pyvips.concurrency_set(min(4, pyvips.concurrency_get()))


def _opened(spool: Spool) -> Any:
    pixel_format = spool.pixel_format
    image = pyvips.Image.rawload(
        str(spool.path),
        spool.size.width,
        spool.size.height,
        pixel_format.channels * pixel_format.dtype.itemsize,
        access="sequential",
    )
    return image.copy(
        format="uchar" if pixel_format.bits == 8 else "ushort",
        bands=pixel_format.channels,
        interpretation=_interpretation(pixel_format),
    )


def _interpretation(pixel_format: PixelFormat) -> str:
    if pixel_format.bits == 8:
        return "b-w" if pixel_format.grey else "srgb"
    return "grey16" if pixel_format.grey else "rgb16"


def _fitted(image: Any, container: OutputFormat) -> Any:
    """Give up what the container cannot hold; ``format_notes`` has told the user."""
    if image.hasalpha() and not container.holds_alpha:
        image = image.flatten(background=255 if image.format == "uchar" else 65_535)
    if image.format == "ushort" and container.max_bits == 8:
        narrow = "b-w" if image.interpretation == "grey16" else "srgb"
        image = (image / 257).rint().cast("uchar").copy(interpretation=narrow)
    if image.interpretation == "b-w" and not container.holds_grey:
        image = image.colourspace("srgb")
    return image


def _told(destination: Path, err: pyvips.Error) -> OutputError:
    """Say why libvips gave up; it hands on no errno, so a full disk is recognised by looking at it."""
    free = shutil.disk_usage(destination.parent).free
    if free < _NO_SPACE_BYTES:
        return DiskFull(
            f"{destination}: the disk became full while encoding, {free:,} bytes are free",
            hint="free some space, or write to another disk",
        )
    lines = str(err.detail).strip().splitlines()
    return OutputError(f"{destination}: could not be written: {lines[0] if lines else err.message}")
