"""Everything about an upscale that is settled before the first block is computed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Self

from infdit_cli.config import UpscaleOptions
from infdit_cli.engine import Upscaler
from infdit_cli.files import standing
from infdit_cli.geometry import Size
from infdit_cli.images import SourceImage, read_image
from infdit_cli.machine.allocator import give_back_freed
from infdit_cli.machine.process import resident_bytes
from infdit_cli.metadata import Metadata
from infdit_cli.plan import Plan, Route, alpha_bytes, make_route
from infdit_cli.tiles import (
    DiskNeeds,
    Output,
    PixelFormat,
    check_output,
    check_room,
    format_notes,
    kept_bytes,
)
from infdit_cli.upscaling.alpha import alpha_format
from infdit_cli.upscaling.description import output_description
from infdit_cli.upscaling.models import LoadedModel, load_model
from infdit_cli.upscaling.planning import Planner
from infdit_cli.upscaling.restore import settled, unasked
from infdit_cli.upscaling.sharing import UNSHARED, Sharing
from infdit_cli.upscaling.workplace import scratch_bytes

# Stands for a digest in plans, and is as long: blocks of metadata may be too long for a container.
UNREAD_SHA256 = "0" * 64


@dataclass(frozen=True, kw_only=True)
class Job:
    """One picture, read, checked and planned.

    Args:
        picture: The input.
        source: Its file.
        options: What it was planned by, and is computed by.
        output: What is to be written.
        alpha_format: Of the alpha channel that the base enlarges; ``None`` if it enlarges none.
        work: Folder for everything that is kept while working.
        weights: Name of the checkpoint.
        restore: Share of its restorer's weights.
        upscaler: The model.
        route: What is done one after the other.
        plans: How each of its passes is done.
        describe: Gives what the output says of itself; at first the whole checkpoint is read for its digest.
        planner: Made the plans.
        notes: What the user should know.
    """

    picture: SourceImage
    source: Path
    options: UpscaleOptions
    output: Output
    alpha_format: PixelFormat | None
    work: Path
    weights: str
    restore: float
    upscaler: Upscaler
    route: Route
    plans: tuple[Plan, ...]
    describe: Callable[[], Metadata]
    planner: Planner
    notes: tuple[str, ...]

    @property
    def budget_bytes(self) -> int:
        """What the plans may take of the device's memory."""
        return self.planner.budget.device_bytes


@dataclass(frozen=True, kw_only=True)
class Draft:
    """One picture, read, and its output checked as far as that needs no model.

    Args:
        picture: The input.
        source: Its file.
        output: What is to be written.
    """

    picture: SourceImage
    source: Path
    output: Output

    @classmethod
    def of(cls, picture: SourceImage, source: Path, destination: Path, options: UpscaleOptions) -> Self:
        """Return what ``options`` make of ``picture``.

        Raises:
            OptionError: If the picture would shrink.
        """
        output = Output(
            path=destination,
            size=options.target.size(picture.size),
            pixel_format=_pixel_format(picture),
            options=options.output,
            overwrite=options.overwrite,
        )
        return cls(picture=picture, source=source, output=output)


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


def prepare(source: Path, destination: Path, options: UpscaleOptions, *, makes_folder: bool = False) -> Job:
    """Read the input, check the output, load the model and plan; nothing is written.

    Args:
        source: The input.
        destination: The output.
        options: What is asked for.
        makes_folder: Whether the output's folder is still to be made if it is not there.

    Raises:
        InputImageError: If ``source`` is no usable picture.
        OutputError: If ``destination`` could not be written.
        WeightsError: If the checkpoint is missing or damaged.
        OptionError: If the model cannot do what is asked, or the picture would shrink.
        ResourceError: If the device is not there, or no plan fits the memory.
    """
    draft = read_draft(source, destination, options, makes_folder=makes_folder)
    wanted = settled(options, draft.picture)
    job = plan_job(draft, load_model(wanted), wanted)
    return replace(job, notes=(*job.notes, *unasked(options, wanted)))


def read_draft(
    source: Path, destination: Path, options: UpscaleOptions, *, makes_folder: bool = False
) -> Draft:
    """Read the input and check the output, as ``prepare`` does.

    Raises:
        InputImageError: If ``source`` is no usable picture.
        OutputError: If ``destination`` could not be written.
    """
    draft = Draft.of(read_image(source), source, destination, options)
    check_output(
        destination,
        draft.output.size,
        overwrite=options.overwrite,
        source=source,
        options=options.output,
        makes_folder=makes_folder,
    )
    return draft


def plan_job(
    draft: Draft,
    model: LoadedModel,
    options: UpscaleOptions,
    *,
    beside: ConcurrentUse = ALONE,
    sharing: Sharing = UNSHARED,
) -> Job:
    """Plan how ``model`` is to do a picture, within what ``beside`` and the processes of ``sharing`` leave.

    Raises:
        OutputError: If the disks have no room.
        OptionError: If the model cannot do what is asked.
        DoesNotFit: If no plan fits the memory.
    """
    picture, output, config = draft.picture, draft.output, model.upscaler.config
    route = _route(picture.size, output.size, model, options.fidelity)
    alpha = alpha_format(picture, output.size, config)
    disk = _disk_needs(output, route, alpha, options, beside)
    check_room(disk)
    give_back_freed()  # decoding takes several times the picture
    planner = Planner(
        model.upscaler,
        options,
        disk=disk,
        aside_bytes=_aside_bytes(draft, model, route, alpha),
        held_bytes=resident_bytes() - model.resident_bytes + model.mapped_bytes + beside.memory_bytes,
        sharing=sharing,
    )
    describe = partial(_description, draft, model, options)
    return Job(
        picture=picture,
        source=draft.source,
        options=options,
        output=output,
        alpha_format=alpha,
        work=disk.work,
        weights=model.name,
        restore=model.restore,
        upscaler=model.upscaler,
        route=route,
        plans=planner.plans(route),
        planner=planner,
        describe=lambda: describe(lambda: model.sha256)[0],
        notes=_notes(
            draft, route, options, *describe(lambda: " ".join([UNREAD_SHA256] * len(model.paths)) or None)
        ),
    )


def work_folder(destination: Path, options: UpscaleOptions) -> Path:
    """Return the folder for everything that is kept while working."""
    return options.spool or standing(destination.resolve().parent)


def _disk_needs(
    output: Output, route: Route, alpha: PixelFormat | None, options: UpscaleOptions, beside: ConcurrentUse
) -> DiskNeeds:
    work = work_folder(output.path, options)
    return DiskNeeds(
        output=output,
        work=work,
        scratch_bytes=scratch_bytes(route) + (alpha.nbytes(output.size) if alpha else 0),
        beside_bytes=beside.disk_bytes,
        kept_bytes=kept_bytes(output.path, work),
    )


def _aside_bytes(draft: Draft, model: LoadedModel, route: Route, alpha: PixelFormat | None) -> int:
    """Return the most that is held before or after computing: by encoder, alpha or global vector."""
    return max(
        draft.output.encode_bytes,
        alpha_bytes(model.upscaler.config, route) if alpha else 0,
        model.guiding_bytes(draft.picture.size),
    )


def _description(
    draft: Draft, model: LoadedModel, options: UpscaleOptions, sha256: Callable[[], str | None]
) -> tuple[Metadata, tuple[str, ...]]:
    """Return what the output says of itself, and what the user should know about that."""
    return output_description(
        draft.picture,
        draft.output.size,
        options,
        weights=model.name,
        restore=model.restore,
        sha256=sha256,
        sampler=model.upscaler.sampler,
    )


def _notes(
    draft: Draft, route: Route, options: UpscaleOptions, metadata: Metadata, on_metadata: tuple[str, ...]
) -> tuple[str, ...]:
    """Return all that the user should know about a job."""
    picture, output = draft.picture, draft.output
    return (
        *picture.notes,
        *_size_notes(route, options),
        *on_metadata,
        *format_notes(output.path, output.pixel_format, metadata, picture.metadata, output.options),
    )


def _pixel_format(picture: SourceImage) -> PixelFormat:
    channels = (1 if picture.grey else 3) + (picture.alpha is not None)
    return PixelFormat(channels, picture.rgb.dtype)


def _route(source: Size, target: Size, model: LoadedModel, fidelity: float | None) -> Route:
    config = model.upscaler.config
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
    # What is taken out is not put back.
    return replace(route, fidelity=(1 - model.restore) * config.default_fidelity(resized=resized))


def _size_notes(route: Route, options: UpscaleOptions) -> Iterator[str]:
    source, target = route.source, route.target
    if options.target.distorts(source):
        yield f"{target.width}×{target.height} px has another aspect than {source.width}×{source.height} px"
    if source == target and route.fidelity == 1:
        yield "at the same size a fidelity of 1 gives back the input; --fidelity 0 shows what the model makes"
