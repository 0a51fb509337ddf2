"""From raw pixels on disk to a container, in one streaming pass of libvips."""

from __future__ import annotations

import mmap
import shutil
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pyvips

from infdit_cli.errors import DiskFull, OutputError
from infdit_cli.tiles.atomic import replacing
from infdit_cli.tiles.formats import OutputFormat, output_format
from infdit_cli.tiles.metadata import attach
from infdit_cli.tiles.pixel_format import PixelFormat
from infdit_cli.tiles.spool import Spool

_NO_SPACE_BYTES = 1 << 20
_VIPS_FORMATS = {"uint8": "uchar", "uint16": "ushort"}


def encode(
    spool: Spool,
    destination: Path,
    *,
    icc_profile: bytes | None,
    exif: bytes | None,
    quality: int | None = None,
    given_up: threading.Event | None = None,
) -> None:
    """Write the picture in ``spool`` to ``destination``, which appears whole or not at all.

    Args:
        spool: The finished raw picture, still open.
        destination: Its suffix chooses the container; an existing file is replaced.
        icc_profile: Colour profile to embed.
        exif: EXIF block to embed, where the container holds one.
        quality: 1 to 100 for lossy containers; ``None`` for the container's own default.
        given_up: Set by another thread to end the writing with an error.

    Raises:
        FormatLimit: If no container has the suffix.
        OutputError: If the file cannot be written.
    """
    container = output_format(destination)
    _keep_libvips_modest()
    options = container.save_options(spool.nbytes, quality)
    with replacing(destination) as temporary:
        try:
            raw = _mapped(spool)
            image = attach(_fitted(_opened(raw, spool), container), icc_profile=icc_profile, exif=exif)
            save = partial(pyvips.Operation.call, container.saver, image, str(temporary), **options)
            _save(image, raw, save, given_up or threading.Event())
        except pyvips.Error as err:
            raise _told(destination, err) from err


def _keep_libvips_modest() -> None:
    """Cache nothing, since nothing is asked for twice; use few threads.

    A cached operation would keep the removed spool's blocks on the disk. Each thread has buffers of
    its own, and encoding hardly gains from more than four.
    """
    pyvips.cache_set_max(0)
    pyvips.concurrency_set(min(4, pyvips.concurrency_get()))


def _mapped(spool: Spool) -> mmap.mmap:
    with spool.path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _opened(raw: mmap.mmap, spool: Spool) -> Any:
    channels, dtype = spool.pixel_format
    size = spool.size
    image = pyvips.Image.new_from_memory(raw, size.width, size.height, channels, _VIPS_FORMATS[dtype.name])
    return image.copy(interpretation=_interpretation(spool.pixel_format))


def _save(image: Any, raw: mmap.mmap, save: Callable[[], object], given_up: threading.Event) -> None:
    """Run ``save`` with little memory, and so that Ctrl-C or ``given_up`` stops it.

    The pages that libvips has read stay mapped and would count as memory of the process, up to the
    whole picture; they are let go of strip by strip (64 megapixels as PNG: 42 MB instead of 225).
    libvips calls back from C, where an exception is lost. Signals reach the main thread alone, so
    the saving is done in another.
    """
    image.set_progress(True)
    image.signal_connect("eval", lambda self, _: _moved_on(self, raw, given_up))
    with ThreadPoolExecutor(max_workers=1) as pool:
        saving = pool.submit(save)
        try:
            saving.result()
        except BaseException:
            image.set_kill(True)
            raise
        finally:
            del saving  # it knows the exception, which knows this frame: a circle that keeps files open


def _moved_on(image: Any, raw: mmap.mmap, given_up: threading.Event) -> None:
    _let_go(raw)
    if given_up.is_set():
        image.set_kill(True)


def _let_go(raw: mmap.mmap) -> None:
    if hasattr(raw, "madvise"):  # not on Windows
        raw.madvise(mmap.MADV_DONTNEED)


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
