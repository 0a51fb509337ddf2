"""Everything about an upscale that is settled before the first block is computed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from infdit_cli.api.chain import pass_sizes, scratch_bytes
from infdit_cli.api.models import make_upscaler
from infdit_cli.api.planning import Planner
from infdit_cli.config import UpscaleOptions
from infdit_cli.engine import Upscaler
from infdit_cli.geometry import Size
from infdit_cli.images import SourceImage, read_image
from infdit_cli.plan import Pass, Plan, make_passes
from infdit_cli.tiles import PixelFormat, check_output, check_room, format_notes, kept_bytes
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
        passes, plans: What is done one after the other, and how.
        planner: Made the plans.
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
    passes: tuple[Pass, ...]
    plans: tuple[Plan, ...]
    planner: Planner
    budget_bytes: int
    notes: tuple[str, ...]

    @property
    def pass_sizes(self) -> list[Size]:
        """Pixels after each pass."""
        return pass_sizes(self.picture.size, self.passes)


def prepare(source: Path, destination: Path, options: UpscaleOptions, weights: str) -> Job:
    """Read the input, check the output, load the model and plan; nothing is written.

    Raises:
        InputImageError: If ``source`` is no usable picture.
        OutputError: If ``destination`` could not be written.
        WeightsError: If the checkpoint is missing or damaged.
        OptionError: If the model cannot do what is asked.
        ResourceError: If the device is not there, or no plan fits the memory.
    """
    picture = read_image(source)
    size = picture.size.scaled(options.scale)
    pixel_format = _pixel_format(picture)
    check_output(destination, size, overwrite=options.overwrite, source=source)
    work = work_folder(destination, options)
    left_bytes = kept_bytes(destination, work)
    checkpoint = open_weights(weights)
    config = checkpoint.config
    passes = make_passes(options.scale, native=config.scale, native_only=config.base is not None)
    scratch = scratch_bytes(picture.size, passes)
    check_room(destination, work, size, pixel_format, scratch_bytes=scratch, kept_bytes=left_bytes)
    upscaler = make_upscaler(
        checkpoint,
        steps=options.steps,
        sampler=options.sampler,
        text=options.text,
        device=options.device,
        dtype=options.dtype,
    )
    disk_bytes = pixel_format.nbytes(size) + scratch
    planner = Planner(upscaler, options, work=work, disk_bytes=disk_bytes, kept_bytes=left_bytes)
    return Job(
        picture=picture,
        destination=destination,
        size=size,
        pixel_format=pixel_format,
        work=work,
        weights=checkpoint.name,
        upscaler=upscaler,
        passes=passes,
        plans=planner.plans(picture.size, passes),
        planner=planner,
        budget_bytes=planner.budget.device_bytes,
        notes=(
            *picture.notes,
            *format_notes(destination, pixel_format, has_exif=picture.exif is not None),
        ),
    )


def work_folder(destination: Path, options: UpscaleOptions) -> Path:
    """Return the folder for everything that is kept while working."""
    return options.spool or destination.resolve().parent


def _pixel_format(picture: SourceImage) -> PixelFormat:
    channels = (1 if picture.grey else 3) + (picture.alpha is not None)
    return PixelFormat(channels, picture.rgb.dtype)
