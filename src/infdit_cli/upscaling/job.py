"""Everything about an upscale that is settled before the first block is computed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from infdit_cli.config import ModelConfig, OutputOptions, UpscaleOptions
from infdit_cli.engine import Upscaler
from infdit_cli.geometry import Size
from infdit_cli.images import SourceImage, read_image
from infdit_cli.machine.allocator import give_back_freed
from infdit_cli.machine.process import resident_bytes
from infdit_cli.metadata import Metadata
from infdit_cli.plan import Plan, Route, alpha_bytes, make_route
from infdit_cli.tiles import (
    PixelFormat,
    check_output,
    check_room,
    format_notes,
    kept_bytes,
    output_format,
)
from infdit_cli.upscaling.alpha import alpha_format
from infdit_cli.upscaling.description import output_description
from infdit_cli.upscaling.models import LoadedModel, load_model
from infdit_cli.upscaling.planning import Planner
from infdit_cli.upscaling.scratch import scratch_bytes


@dataclass(frozen=True, kw_only=True)
class Job:
    """One picture, read, checked and planned.

    Args:
        picture: The input.
        source, destination: Its file, and the output.
        pixel_format: Channels and dtype of the output.
        alpha_format: Of the alpha channel that the base enlarges; ``None`` if it enlarges none.
        work: Folder for everything that is kept while working.
        weights: Name of the checkpoint.
        upscaler: The model.
        route: What is done one after the other.
        plans: How each of its passes is done.
        metadata: What the output says of itself.
        output: How it is encoded.
        planner: Made the plans.
        notes: What the user should know.
    """

    picture: SourceImage
    source: Path
    destination: Path
    pixel_format: PixelFormat
    alpha_format: PixelFormat | None
    work: Path
    weights: str
    upscaler: Upscaler
    route: Route
    plans: tuple[Plan, ...]
    metadata: Metadata
    output: OutputOptions
    planner: Planner
    notes: tuple[str, ...]

    @property
    def size(self) -> Size:
        """Pixels of the output."""
        return self.route.target

    @property
    def budget_bytes(self) -> int:
        """What the plans may take of the device's memory."""
        return self.planner.budget.device_bytes


@dataclass(frozen=True, kw_only=True)
class Draft:
    """One picture, read, and its output checked as far as that needs no model.

    Args:
        picture: The input.
        source, destination: Its file, and the output.
        size: Pixels of the output.
    """

    picture: SourceImage
    source: Path
    destination: Path
    size: Size


@dataclass(frozen=True, kw_only=True)
class ConcurrentUse:
    """What else this process takes while a job runs; see ``api.batch``.

    Args:
        memory_bytes: Of host memory.
        disk_bytes: Of the disk that the output goes to.
    """

    memory_bytes: int = 0
    disk_bytes: int = 0


ALONE = ConcurrentUse()


def prepare(source: Path, destination: Path, options: UpscaleOptions, weights: str) -> Job:
    """Read the input, check the output, load the model and plan; nothing is written.

    Raises:
        InputImageError: If ``source`` is no usable picture.
        OutputError: If ``destination`` could not be written.
        WeightsError: If the checkpoint is missing or damaged.
        OptionError: If the model cannot do what is asked, or the picture would shrink.
        ResourceError: If the device is not there, or no plan fits the memory.
    """
    draft = read_draft(source, destination, options)
    return plan_job(draft, load_model(options, weights), options)


def read_draft(source: Path, destination: Path, options: UpscaleOptions) -> Draft:
    """Read the input and check the output.

    Raises:
        InputImageError: If ``source`` is no usable picture.
        OutputError: If ``destination`` could not be written.
    """
    picture = read_image(source)
    size = options.target.size(picture.size)
    check_output(destination, size, overwrite=options.overwrite, source=source, options=options.output)
    return Draft(picture=picture, source=source, destination=destination, size=size)


def plan_job(
    draft: Draft, model: LoadedModel, options: UpscaleOptions, *, beside: ConcurrentUse = ALONE
) -> Job:
    """Plan how ``model`` is to do a picture, within what ``beside`` leaves.

    Raises:
        OutputError: If the disks have no room.
        OptionError: If the model cannot do what is asked.
        DoesNotFit: If no plan fits the memory.
    """
    picture, destination, size = draft.picture, draft.destination, draft.size
    pixel_format = _pixel_format(picture)
    work = work_folder(destination, options)
    left_bytes = kept_bytes(destination, work)
    config = model.upscaler.config
    route = _route(picture.size, size, config, options.fidelity)
    alpha = alpha_format(picture, size, config)
    scratch = scratch_bytes(route) + (alpha.nbytes(size) if alpha else 0)
    check_room(
        destination,
        work,
        size,
        pixel_format,
        scratch_bytes=scratch,
        beside_bytes=beside.disk_bytes,
        kept_bytes=left_bytes,
        options=options.output,
    )
    give_back_freed()  # decoding takes several times the picture
    planner = Planner(
        model.upscaler,
        options,
        work=work,
        written_bytes=pixel_format.nbytes(size) + scratch,
        aside_bytes=max(
            output_format(destination).encode_bytes(size, pixel_format, options.output),
            alpha_bytes(config, route) if alpha else 0,
            model.guiding_bytes(picture.size),
        ),
        kept_bytes=left_bytes,
        held_bytes=resident_bytes() - model.resident_bytes + model.mapped_bytes + beside.memory_bytes,
    )
    metadata, metadata_notes = output_description(
        picture, size, options, weights=model.name, sha256=model.sha256, sampler=model.upscaler.sampler
    )
    return Job(
        picture=picture,
        source=draft.source,
        destination=destination,
        pixel_format=pixel_format,
        alpha_format=alpha,
        work=work,
        weights=model.name,
        upscaler=model.upscaler,
        route=route,
        plans=planner.plans(route),
        planner=planner,
        metadata=metadata,
        output=options.output,
        notes=(
            *picture.notes,
            *_size_notes(route, options),
            *metadata_notes,
            *format_notes(destination, pixel_format, metadata, picture.metadata),
        ),
    )


def work_folder(destination: Path, options: UpscaleOptions) -> Path:
    """Return the folder for everything that is kept while working."""
    return options.spool or destination.resolve().parent


def _pixel_format(picture: SourceImage) -> PixelFormat:
    channels = (1 if picture.grey else 3) + (picture.alpha is not None)
    return PixelFormat(channels, picture.rgb.dtype)


def _route(source: Size, target: Size, config: ModelConfig, fidelity: float | None) -> Route:
    route = make_route(
        source,
        target,
        native=config.scale,
        native_only=config.base is not None,
        fidelity=fidelity or 0.0,
    )
    if fidelity is not None:
        return route
    resized = route.passes[-1] != target
    return replace(route, fidelity=config.default_fidelity(resized=resized))


def _size_notes(route: Route, options: UpscaleOptions) -> Iterator[str]:
    source, target = route.source, route.target
    if options.target.distorts(source):
        yield f"{target.width}×{target.height} px has another aspect than {source.width}×{source.height} px"
    if source == target and route.fidelity == 1:
        yield "at the same size a fidelity of 1 gives back the input; --fidelity 0 shows what the model makes"
