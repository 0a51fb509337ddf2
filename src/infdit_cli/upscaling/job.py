"""Everything about an upscale that is settled before the first block is computed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from infdit_cli.config import UpscaleOptions
from infdit_cli.engine import Upscaler
from infdit_cli.files import standing
from infdit_cli.images import SourceImage
from infdit_cli.machine.allocator import give_back_freed
from infdit_cli.machine.process import resident_bytes
from infdit_cli.plan import Plan, Route, alpha_bytes, make_route
from infdit_cli.tiles import (
    DiskNeeds,
    Output,
    PixelFormat,
    check_room,
    format_notes,
    kept_bytes,
)
from infdit_cli.upscaling.alpha import alpha_format
from infdit_cli.upscaling.description import output_description
from infdit_cli.upscaling.draft import Draft, read_draft
from infdit_cli.upscaling.models import LoadedModel, load_model
from infdit_cli.upscaling.planning import Planner
from infdit_cli.upscaling.restore import unasked
from infdit_cli.upscaling.sharing import UNSHARED, Sharing
from infdit_cli.upscaling.workplace import scratch_bytes


@dataclass(frozen=True, kw_only=True)
class Job:
    """One picture, read, checked and planned.

    Args:
        draft: The picture, what is asked for, and what is to be written.
        model: What it was planned for, and is computed by.
        alpha_format: Of the alpha channel that the base enlarges; ``None`` if it enlarges none.
        work: Folder for everything that is kept while working.
        route: What is done one after the other.
        plans: How each of its passes is done.
        planner: Made the plans.
        notes: What the user should know.
    """

    draft: Draft
    model: LoadedModel
    alpha_format: PixelFormat | None
    work: Path
    route: Route
    plans: tuple[Plan, ...]
    planner: Planner
    notes: tuple[str, ...]

    @property
    def picture(self) -> SourceImage:
        """The input."""
        return self.draft.picture

    @property
    def options(self) -> UpscaleOptions:
        """What is asked for."""
        return self.draft.options

    @property
    def output(self) -> Output:
        """What is to be written."""
        return self.draft.output

    @property
    def upscaler(self) -> Upscaler:
        """The model on its device."""
        return self.model.upscaler

    @property
    def budget_bytes(self) -> int:
        """What the plans may take of the device's memory."""
        return self.planner.budget.device_bytes


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

    The arguments are those of ``read_draft``.

    Raises:
        InputImageError: If ``source`` is no usable picture.
        OutputError: If ``destination`` could not be written.
        WeightsError: If the checkpoint is missing or damaged.
        OptionError: If the model cannot do what is asked, or the picture would shrink.
        ResourceError: If the device is not there, or no plan fits the memory.
    """
    draft = read_draft(source, destination, options, makes_folder=makes_folder)
    job = plan_job(draft, load_model(draft.options))
    return replace(job, notes=(*job.notes, *unasked(options, draft.options)))


def plan_job(
    draft: Draft, model: LoadedModel, *, beside: ConcurrentUse = ALONE, sharing: Sharing = UNSHARED
) -> Job:
    """Plan how ``model`` is to do a picture, within what ``beside`` and the processes of ``sharing`` leave.

    Raises:
        OutputError: If the disks have no room.
        OptionError: If the model cannot do what is asked.
        DoesNotFit: If no plan fits the memory.
    """
    route = _route(draft, model)
    alpha = alpha_format(draft.picture, draft.output.size, model.upscaler.config)
    disk = _disk_needs(draft, route, alpha, beside)
    check_room(disk)
    give_back_freed()  # decoding takes several times the picture
    planner = Planner(
        model.upscaler,
        draft.options,
        disk=disk,
        aside_bytes=_aside_bytes(draft, model, route, alpha),
        held_bytes=resident_bytes() - model.resident_bytes + model.mapped_bytes + beside.memory_bytes,
        sharing=sharing,
    )
    return Job(
        draft=draft,
        model=model,
        alpha_format=alpha,
        work=disk.work,
        route=route,
        plans=planner.plans(route),
        planner=planner,
        notes=_notes(draft, model, route),
    )


def work_folder(destination: Path, options: UpscaleOptions) -> Path:
    """Return the folder for everything that is kept while working."""
    return options.spool or standing(destination.resolve().parent)


def _disk_needs(draft: Draft, route: Route, alpha: PixelFormat | None, beside: ConcurrentUse) -> DiskNeeds:
    output = draft.output
    work = work_folder(output.path, draft.options)
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


def _notes(draft: Draft, model: LoadedModel, route: Route) -> tuple[str, ...]:
    """Return all that the user should know about a job; the checkpoint is not read for it."""
    picture, output = draft.picture, draft.output
    metadata, on_metadata = output_description(draft, model, lambda: model.unread_sha256)
    return (
        *picture.notes,
        *_size_notes(route, draft.options),
        *on_metadata,
        *format_notes(output.path, output.pixel_format, metadata, picture.metadata, output.options),
    )


def _route(draft: Draft, model: LoadedModel) -> Route:
    config, target, fidelity = model.upscaler.config, draft.output.size, draft.options.fidelity
    route = make_route(
        draft.picture.size,
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
        sizes = (f"{size.width}×{size.height} px" for size in (target, source))
        yield " has a different aspect ratio from ".join(sizes)
    if source == target and route.fidelity == 1:
        yield "at scale 1 a fidelity of 1 returns the input unchanged; --fidelity 0 shows the model's result"
