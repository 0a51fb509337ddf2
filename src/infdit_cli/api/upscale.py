"""Upscale one picture file to another."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
from torch import Tensor

from infdit_cli import __version__
from infdit_cli.api.chain import Paint, run_passes, scratch_bytes
from infdit_cli.api.models import make_upscaler
from infdit_cli.api.sources import ArraySource
from infdit_cli.config import SamplerConfig, UpscaleOptions
from infdit_cli.events import Encoding, Noted, OnEvent
from infdit_cli.geometry import Rect, Size
from infdit_cli.images import Pixels, SourceImage, from_model, output_metadata, read_image, upscaled_alpha
from infdit_cli.metadata import Metadata, Provenance
from infdit_cli.plan import make_passes
from infdit_cli.results import UpscaleResult
from infdit_cli.tiles import PixelFormat, Spool, check_output, check_room, encode, format_notes
from infdit_cli.weights import Checkpoint, fingerprint, open_weights


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
    picture = read_image(source)
    size = picture.size.scaled(options.scale)
    pixel_format = _pixel_format(picture)
    work = options.spool or destination.parent
    check_output(destination, size, overwrite=options.overwrite, source=source, options=options.output)
    checkpoint = open_weights(weights)
    config = checkpoint.config
    passes = make_passes(options.scale, native=config.scale, native_only=config.base is not None)
    check_room(
        destination,
        work,
        size,
        pixel_format,
        scratch_bytes=scratch_bytes(picture.size, passes),
        options=options.output,
    )
    upscaler = make_upscaler(
        checkpoint,
        steps=options.steps,
        sampler=options.sampler,
        text=options.text,
        device=options.device,
        dtype=options.dtype,
    )
    metadata, metadata_notes = _metadata(picture, size, options, checkpoint, upscaler.sampler)
    had = Metadata() if options.output.strip else picture.metadata
    losses = format_notes(destination, pixel_format, had)
    for text in (*picture.notes, *metadata_notes, *losses):
        on_event(Noted(text))
    with Spool(work, size, pixel_format) as spool:
        run_passes(
            upscaler,
            ArraySource(picture.rgb),
            passes,
            _painting(spool, picture),
            scratch=work,
            options=options,
            on_event=on_event,
        )
        on_event(Encoding(destination.name))
        encode(spool, destination, metadata=metadata, options=options.output)
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


def _metadata(
    picture: SourceImage, size: Size, options: UpscaleOptions, checkpoint: Checkpoint, sampler: SamplerConfig
) -> tuple[Metadata, tuple[str, ...]]:
    """Return what the output is to carry, and what the user should know about it."""
    if options.output.strip:
        return Metadata(icc_profile=picture.metadata.icc_profile), ()
    provenance = None
    if options.output.provenance and checkpoint.path:
        provenance = Provenance(
            tool=f"infdit {__version__}",
            weights=checkpoint.name,
            weights_sha256=fingerprint(checkpoint.path).sha256 or "",
            scale=f"{options.scale:g}",
            steps=sampler.steps,
            sampler=sampler.name,
            seed=options.seed,
        )
    return output_metadata(picture.metadata, source_size=picture.size, size=size, provenance=provenance)


def _pixel_format(picture: SourceImage) -> PixelFormat:
    channels = (1 if picture.grey else 3) + (picture.alpha is not None)
    return PixelFormat(channels, picture.rgb.dtype)


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
