"""Upscale one picture file to another."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from infdit_cli.api.models import make_upscaler
from infdit_cli.config import UpscaleOptions
from infdit_cli.engine import Sink, Upscaler
from infdit_cli.errors import OptionError
from infdit_cli.events import Encoding, Noted, OnEvent, Started, Visited
from infdit_cli.geometry import Rect, Size
from infdit_cli.images import Pixels, SourceImage, from_model, read_image, to_model, upscale_alpha
from infdit_cli.results import UpscaleResult
from infdit_cli.tiles import PixelFormat, Spool, check_output, encode, format_notes
from infdit_cli.weights import open_weights


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
        ResourceError: If the device is not there.
    """
    started = time.monotonic()
    picture = read_image(source)
    size = picture.size.scaled(options.scale)
    pixel_format = _pixel_format(picture)
    check_output(destination, size, pixel_format, overwrite=options.overwrite, source=source)
    checkpoint = open_weights(weights)
    if options.scale != checkpoint.config.scale:
        raise OptionError(
            f"--scale is {options.scale}; {checkpoint.name} upscales by {checkpoint.config.scale}"
        )
    upscaler = make_upscaler(
        checkpoint, steps=options.steps, sampler=options.sampler, device=options.device, dtype=options.dtype
    )
    losses = format_notes(destination, pixel_format, has_exif=picture.exif is not None)
    for text in (*picture.notes, *losses):
        on_event(Noted(text))
    with Spool(destination.parent, size, pixel_format) as spool:
        _generate(upscaler, picture, spool, options, on_event)
        on_event(Encoding(destination.name))
        encode(spool, destination, icc_profile=picture.icc_profile, exif=picture.exif)
    return UpscaleResult(
        source=source,
        destination=destination,
        source_size=picture.size,
        size=size,
        weights=checkpoint.name,
        steps=upscaler.sampler.steps,
        evaluations=upscaler.num_evaluations,
        seed=options.seed,
        device=str(upscaler.device),
        dtype=upscaler.dtype_name,
        seconds=time.monotonic() - started,
    )


def _pixel_format(picture: SourceImage) -> PixelFormat:
    channels = (1 if picture.grey else 3) + (picture.alpha is not None)
    return PixelFormat(channels, picture.rgb.dtype)


def _generate(
    upscaler: Upscaler, picture: SourceImage, spool: Spool, options: UpscaleOptions, on_event: OnEvent
) -> None:
    lr = torch.from_numpy(to_model(picture.rgb))[None]
    run = upscaler.start(
        lr,
        _sink(spool, picture, upscaler.config.block_px),
        seed=options.seed,
        order=options.order,
        batch=options.block_batch,
    )
    on_event(Started(spool.size, run.num_visits, upscaler.description))
    for done, _ in enumerate(run.visits, start=1):
        on_event(Visited(done))


def _sink(spool: Spool, picture: SourceImage, block_px: int) -> Sink:
    """Return what turns finished super-blocks into pixels of the spool."""
    alpha = None if picture.alpha is None else upscale_alpha(picture.alpha, spool.size)
    dtype = picture.rgb.dtype

    def write(blocks: Rect, image: Tensor) -> None:
        rect = blocks.scaled(block_px).within(spool.size)
        pixels = _pixels(image[0], rect.size, picture)
        if alpha is not None:
            pixels = np.concatenate((pixels, alpha[rect.rows, rect.cols, None]), axis=2)
        spool.write(rect, pixels.astype(dtype, copy=False))

    return write


def _pixels(image: Tensor, size: Size, picture: SourceImage) -> Pixels:
    """Return ``[h, w, channels]`` integers of the part of ``image`` that lies in the picture."""
    visible = image[:, : size.height, : size.width].float()
    if picture.grey:
        visible = visible.mean(dim=0, keepdim=True).expand(3, -1, -1)
    pixels = from_model(visible.cpu().numpy(), picture.rgb.dtype)
    return pixels[:, :, :1] if picture.grey else pixels
