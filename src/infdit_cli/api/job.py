"""Everything about an upscale that is settled before the first block is computed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from infdit_cli.api.models import make_upscaler
from infdit_cli.api.planning import Planner
from infdit_cli.api.scratch import scratch_bytes
from infdit_cli.config import ModelConfig, UpscaleOptions
from infdit_cli.engine import Upscaler
from infdit_cli.geometry import Size
from infdit_cli.images import SourceImage, read_image
from infdit_cli.plan import Plan, Route, make_route
from infdit_cli.tiles import PixelFormat, check_output, check_room, format_notes
from infdit_cli.weights import open_weights


@dataclass(frozen=True, kw_only=True)
class Job:
    """One picture, read, checked and planned.

    Args:
        picture: The input.
        destination: The output.
        size: Its pixels.
        pixel_format: Its channels and dtype.
        work: Folder for everything that is kept while working.
        weights: Name of the checkpoint.
        upscaler: The model.
        route: What is done one after the other.
        plans: How each of its passes is done.
        budget_bytes: What the plans may take of the device's memory.
        notes: What the user should know.
    """

    picture: SourceImage
    destination: Path
    size: Size
    pixel_format: PixelFormat
    work: Path
    weights: str
    upscaler: Upscaler
    route: Route
    plans: tuple[Plan, ...]
    budget_bytes: int
    notes: tuple[str, ...]


def prepare(source: Path, destination: Path, options: UpscaleOptions, weights: str) -> Job:
    """Read the input, check the output, load the model and plan; nothing is written.

    Raises:
        InputImageError: If ``source`` is no usable picture.
        OutputError: If ``destination`` could not be written.
        WeightsError: If the checkpoint is missing or damaged.
        OptionError: If the model cannot do what is asked, or the picture would shrink.
        ResourceError: If the device is not there, or no plan fits the memory.
    """
    picture = read_image(source)
    size = options.target.size(picture.size)
    pixel_format = _pixel_format(picture)
    work = options.spool or destination.parent
    check_output(destination, size, overwrite=options.overwrite, source=source)
    checkpoint = open_weights(weights)
    route = _route(picture.size, size, checkpoint.config, options.fidelity)
    scratch = scratch_bytes(route)
    check_room(destination, work, size, pixel_format, scratch_bytes=scratch)
    upscaler = make_upscaler(
        checkpoint,
        steps=options.steps,
        sampler=options.sampler,
        text=options.text,
        device=options.device,
        dtype=options.dtype,
    )
    planner = Planner(upscaler, options, work=work, disk_bytes=pixel_format.nbytes(size) + scratch)
    return Job(
        picture=picture,
        destination=destination,
        size=size,
        pixel_format=pixel_format,
        work=work,
        weights=checkpoint.name,
        upscaler=upscaler,
        route=route,
        plans=planner.plans(route),
        budget_bytes=planner.budget.device_bytes,
        notes=(
            *picture.notes,
            *_size_notes(route, options),
            *format_notes(destination, pixel_format, has_exif=picture.exif is not None),
        ),
    )


def _pixel_format(picture: SourceImage) -> PixelFormat:
    channels = (1 if picture.grey else 3) + (picture.alpha is not None)
    return PixelFormat(channels, picture.rgb.dtype)


def _route(source: Size, target: Size, config: ModelConfig, fidelity: float | None) -> Route:
    return make_route(
        source,
        target,
        native=config.scale,
        native_only=config.base is not None,
        fidelity=config.default_fidelity if fidelity is None else fidelity,
    )


def _size_notes(route: Route, options: UpscaleOptions) -> Iterator[str]:
    source, target = route.source, route.target
    if options.target.distorts(source):
        yield f"{target.width}×{target.height} px has another aspect than {source.width}×{source.height} px"
    if source == target and route.fidelity == 1:
        yield "at the same size a fidelity of 1 gives back the input; --fidelity 0 shows what the model makes"
