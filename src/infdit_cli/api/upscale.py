"""Upscale one picture file to another."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
from torch import Tensor

from infdit_cli.api.chain import run_passes
from infdit_cli.api.job import prepare
from infdit_cli.api.scratch import Paint
from infdit_cli.api.sources import ArraySource
from infdit_cli.config import UpscaleOptions
from infdit_cli.events import Encoding, Noted, OnEvent
from infdit_cli.geometry import Rect
from infdit_cli.images import Pixels, SourceImage, from_model, upscaled_alpha
from infdit_cli.machine.devices import peak_device_bytes
from infdit_cli.results import UpscaleResult
from infdit_cli.tiles import Spool, encode


def upscale(
    source: Path,
    destination: Path,
    options: UpscaleOptions,
    *,
    weights: str = "compact",
    on_event: OnEvent,
) -> UpscaleResult:
    """Upscale the picture ``source`` and write it to ``destination``.

    Args:
        source: Picture file of any common format and any size.
        destination: Its suffix chooses the format; it appears whole or not at all.
        options: Everything else a person may set.
        weights: Name of an entry of ``weights.toml``, or a checkpoint file.
        on_event: Told of progress.

    Raises:
        InputImageError: If ``source`` is no usable picture.
        OutputError: If ``destination`` cannot be written; found out before any computing where possible.
        WeightsError: If the checkpoint is missing or damaged.
        OptionError: If the model cannot do what is asked.
        ResourceError: If the device is not there.
    """
    started = time.monotonic()
    job = prepare(source, destination, options, weights)
    for text in job.notes:
        on_event(Noted(text))
    with Spool(job.work, job.size, job.pixel_format) as spool:
        run_passes(
            job.upscaler,
            ArraySource(job.picture.rgb),
            job.route,
            [plan.layout for plan in job.plans],
            _painting(spool, job.picture),
            scratch=job.work,
            seed=options.seed,
            on_event=on_event,
        )
        on_event(Encoding(destination.name))
        encode(spool, destination, icc_profile=job.picture.icc_profile, exif=job.picture.exif)
    return UpscaleResult(
        source=source,
        destination=destination,
        source_size=job.picture.size,
        size=job.size,
        weights=job.weights,
        steps=job.upscaler.sampler.steps,
        evaluations=job.upscaler.num_evaluations,
        seed=options.seed,
        fidelity=job.route.fidelity,
        device=str(job.upscaler.device),
        dtype=job.upscaler.dtype_name,
        planned_bytes=max(plan.device_bytes for plan in job.plans),
        peak_bytes=peak_device_bytes(job.upscaler.device),
        seconds=time.monotonic() - started,
    )


def _painting(spool: Spool, picture: SourceImage) -> Paint:
    """Return what turns finished parts into pixels of the spool."""

    def paint(rect: Rect, image: Tensor) -> None:
        pixels = _pixels(image[0], picture)
        if picture.alpha is not None:
            alpha = upscaled_alpha(picture.alpha, spool.size, rect)
            pixels = np.concatenate((pixels, alpha[..., None]), axis=2)
        spool.write(rect, pixels)

    return paint


def _pixels(image: Tensor, picture: SourceImage) -> Pixels:
    """Return ``[h, w, channels]`` integers."""
    visible = image.float()
    if picture.grey:
        visible = visible.mean(dim=0, keepdim=True).expand(3, -1, -1)
    pixels = from_model(visible.cpu().numpy(), picture.rgb.dtype)
    return pixels[:, :, :1] if picture.grey else pixels
