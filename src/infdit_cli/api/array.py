"""Upscale an array: as a file would be, but that nothing is decoded and nothing encoded."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from infdit_cli.api.unresumable import without_resume_promise
from infdit_cli.config import USUAL_OPTIONS, OutputOptions, UpscaleOptions
from infdit_cli.events import OnEvent, ignore
from infdit_cli.files import scratch_folder, temporary_folder
from infdit_cli.geometry import Rect
from infdit_cli.images import Pixels, SourceImage
from infdit_cli.metadata import Metadata
from infdit_cli.upscaling.computing import computed
from infdit_cli.upscaling.draft import Draft
from infdit_cli.upscaling.job import ConcurrentUse, plan_job
from infdit_cli.upscaling.models import load_model

_NAME = Path("array.tif")  # a plan wants a container, though none is written; this one holds any size


def upscale_array(
    rgb: Pixels, options: UpscaleOptions = USUAL_OPTIONS, *, on_event: OnEvent = ignore
) -> Pixels:
    """Upscale a picture in memory; its plan counts both arrays, and keeps the rest within ``options.memory``.

    Args:
        rgb: sRGB as ``[H, W, 3]``, or grey as ``[H, W]``; uint8 or uint16, of either byte
            order. It is not changed.
        options: As for a file. ``spool`` is the folder for temporary files, by default the system's. What is
            about an output file is not looked at.
        on_event: Told of progress.

    Returns:
        The larger picture, of as many axes and the same dtype, in the machine's byte order.

    Raises:
        ValueError: If the array is no such picture.
        InfditError: As ``upscale`` does.
    """
    picture = _picture(rgb)
    with scratch_folder(options.spool or temporary_folder()) as folder:
        wanted = replace(options, spool=folder, output=OutputOptions(strip=True, provenance=False))
        draft = Draft.of(picture, _NAME, folder / _NAME, wanted)
        result = ConcurrentUse(memory_bytes=draft.output.raw_bytes)
        job = plan_job(draft, load_model(draft.options), beside=result)
        with computed(job, on_event=without_resume_promise(on_event)) as done:
            pixels: Pixels = done.spool.read(Rect(0, 0, *done.spool.size))
    return pixels[..., 0] if picture.grey else pixels


def _picture(rgb: Pixels) -> SourceImage:
    if not isinstance(rgb, np.ndarray):
        kind = type(rgb).__name__
        raise ValueError(f"a {kind} is no array; a picture is one of NumPy")  # noqa: TRY004 - as for any other
    grey = rgb.ndim == 2
    pixels = rgb[..., None] if grey else rgb
    if pixels.ndim != 3 or pixels.shape[2] != (1 if grey else 3) or not pixels.size:
        raise ValueError(f"the array is {list(rgb.shape)}; a picture is [H, W, 3], or grey as [H, W]")
    dtype = rgb.dtype.newbyteorder("=")
    if dtype not in {np.dtype(np.uint8), np.dtype(np.uint16)}:
        raise ValueError(f"the array is of {rgb.dtype}; a picture is of uint8 or uint16")
    rgb = np.broadcast_to(pixels.astype(dtype, copy=False), (*pixels.shape[:2], 3))
    return SourceImage(rgb=rgb, alpha=None, grey=grey, metadata=Metadata())
