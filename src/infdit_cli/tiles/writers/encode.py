"""From raw pixels on disk to a container, in one streaming pass of libvips."""

from __future__ import annotations

import mmap
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pyvips

from infdit_cli import amounts
from infdit_cli.config import OutputOptions
from infdit_cli.errors import OutputError, first_line
from infdit_cli.files import disk_full, free_bytes, output_errors, replacing_output, resolved
from infdit_cli.metadata import Metadata
from infdit_cli.tiles.pixel_format import PixelFormat
from infdit_cli.tiles.spool import Spool
from infdit_cli.tiles.writers.attach import KEEP_ICC, attach, keep_flags
from infdit_cli.tiles.writers.blocks import resolution
from infdit_cli.tiles.writers.dzi import replacing_dzi
from infdit_cli.tiles.writers.fitting import fitted
from infdit_cli.tiles.writers.formats import OutputFormat, output_format
from infdit_cli.tiles.writers.head import target_behind
from infdit_cli.tiles.writers.pyramid import add_levels

_NO_SPACE_BYTES = 1 << 20
_VIPS_FORMATS = {"uint8": "uchar", "uint16": "ushort"}


def encode(
    spool: Spool,
    destination: Path,
    *,
    metadata: Metadata,
    options: OutputOptions,
    overwrite: bool = False,
    given_up: threading.Event | None = None,
) -> None:
    """Write the picture in ``spool`` to ``destination``, which appears whole or not at all.

    Args:
        spool: The finished raw picture, still open.
        destination: Its suffix chooses the container.
        metadata: What to embed, as far as the container holds it.
        options: How to encode.
        overwrite: Whether what is at ``destination`` in the end is replaced, or stays.
        given_up: Set by another thread to end the writing with an error.

    Raises:
        FormatLimit: If no container has the suffix.
        OutputExists: If something is at ``destination`` in the end that may not be replaced.
        OutputError: If the file cannot be written.
    """
    container = output_format(destination)
    _keep_libvips_modest()
    replace = replacing_dzi if container.is_folder else replacing_output
    with output_errors(destination), replace(destination, overwrite=overwrite) as temporary:
        try:
            _write(
                spool,
                temporary,
                container,
                metadata=metadata,
                options=options,
                given_up=given_up or threading.Event(),
            )
        except pyvips.Error as err:
            raise _output_error(destination, err) from err


def _write(
    spool: Spool,
    path: Path,
    container: OutputFormat,
    *,
    metadata: Metadata,
    options: OutputOptions,
    given_up: threading.Event,
) -> None:
    raw = _mapped(spool)
    pixels = fitted(_opened(raw, spool), container, metadata.icc_profile)
    image = attach(pixels, metadata, container)
    arguments = container.save_options(spool.nbytes, options)
    arguments["keep"] = keep_flags(metadata, container)
    if container.is_folder:
        arguments["suffix"] = _tile_suffix(image, arguments.pop("Q", None))
    with _opened_for(path, container, metadata) as (saver, target):
        save = partial(pyvips.Operation.call, saver, image, target, **arguments)
        _save(image, raw, save, given_up)
    if options.pyramid:
        add_levels(path, arguments | {"keep": KEEP_ICC})
    if container.finish:
        container.finish(path, container.kept_blocks(metadata))


@contextmanager
def _opened_for(path: Path, container: OutputFormat, metadata: Metadata) -> Iterator[tuple[str, Any]]:
    """Yield the operation that saves, and where to."""
    if container.head is None:
        yield container.saver, os.fsencode(path)
        return
    ours = container.head(container.kept_blocks(metadata), resolution(metadata))
    with target_behind(path, ours) as target:
        yield f"{container.saver}_target", target


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


def _tile_suffix(image: Any, quality: object) -> str:
    """Return what kind of file a tile is: PNG where JPEG would lose what was asked to be kept."""
    return ".png" if quality is None or image.hasalpha() else f".jpg[Q={quality}]"


def _output_error(destination: Path, err: pyvips.Error) -> OutputError:
    """Say why libvips gave up; it hands on no errno, so a full disk is recognised by looking at it."""
    free = free_bytes(resolved(destination).parent)
    if free < _NO_SPACE_BYTES:
        return disk_full(f"{destination}: the disk became full while encoding, {amounts.size(free)} are free")
    return OutputError(f"{destination}: could not be written: {first_line(str(err.detail), err.message)}")
