"""Find the pictures of a batch, and settle where each result goes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from infdit_cli.batch import (
    BatchItem,
    FoundPicture,
    Listing,
    NameTemplate,
    Request,
    check_no_clashes,
    check_outside_inputs,
    list_pictures,
)
from infdit_cli.config import UpscaleOptions
from infdit_cli.errors import (
    FormatLimit,
    InputImageError,
    OptionError,
    OutputError,
    UnreadableImage,
    WouldShrink,
)
from infdit_cli.events import Noted, OnEvent, ignore
from infdit_cli.files import check_folder, is_there_a_folder, output_errors, resolved
from infdit_cli.images import OTHER_SUFFIXES, PICTURE_SUFFIXES, read_size
from infdit_cli.tiles import output_format
from infdit_cli.weights import open_weights

Values = dict[str, object]


def find_pictures(
    request: Request, options: UpscaleOptions, *, on_event: OnEvent = ignore
) -> tuple[BatchItem, ...]:
    """List the pictures of ``request`` and name their results; nothing is written.

    Args:
        request: Files and folders, and where the results go.
        options: What names may tell of.
        on_event: Told of what is in folders and left out.

    Raises:
        UnreadableImage: If the output can only be a file, and the input is a folder.
        OptionError: If a folder comes without an output folder, or a name cannot be made.
        OutputError: If two results would have one name, or one is in the way of an input, or the output
            folder cannot be written to.
        WeightsError: If names tell of steps that only the checkpoint knows, and it is missing.
    """
    _check_output(request.output, request.inputs)
    listing = list_pictures(request, PICTURE_SUFFIXES)
    named = Names(request.template, request.suffix, options)
    items = tuple(_item(found, request.output, named) for found in listing.found)
    usable = [item for item in items if item.problem is None]
    _check_format(usable)
    check_no_clashes(usable)
    check_outside_inputs(listing.folders, usable)
    if left_out := _left_out(listing):
        on_event(Noted(f"left out: {left_out}"))
    return tuple(request.shard.of(items, lambda item: item.source)) if request.shard else items


def not_taken(request: Request) -> Counter[str]:
    """Count, by their suffix, pictures of other kinds that no ``--pattern`` asks for."""
    if request.pattern is not None:
        return Counter()
    return Counter(
        each.source.suffix for each in list_pictures(request, OTHER_SUFFIXES).found if not each.problem
    )


class Names:
    """Names results.

    Args:
        template: What they are made of.
        suffix: Of the results, with its dot.
        options: What names may tell of.
    """

    def __init__(self, template: NameTemplate, suffix: str, options: UpscaleOptions) -> None:
        self._template = template
        self._target = options.target
        self._common: Values = {
            "ext": suffix,
            "scale": _scale_of(options),
            "size": options.target.label,
            "seed": options.seed,
            "weights": Path(options.weights).name.removesuffix(".safetensors"),
            "restore": "auto" if options.restore is None else f"{options.restore:g}",
        }
        self._steps = _steps_of(options)

    def of(self, source: Path) -> str:
        """Return the name of the result for ``source``, whose header is read if the name tells of pixels.

        Raises:
            UnreadableImage: If it has to be read and cannot.
            WouldShrink: If it tells of pixels, and the picture has more than are asked for.
            OptionError: If the template does not fit its values.
            OutputError: If no name can be made of this one's.
        """
        values = self._common | {"stem": source.stem, "name": source.name}
        if self._template.fields & {"width", "height"}:
            size = self._target.size(read_size(source))
            values |= {"width": size.width, "height": size.height}
        if "steps" in self._template.fields:
            values["steps"] = self._steps()
        return self._template.fill(values)


def _left_out(listing: Listing) -> str:
    folders, files = listing.num_subfolders, listing.num_others
    parts = (
        f"{folders:,} subfolder{'s' * (folders != 1)} (see --recursive)" if folders else "",
        f"{files:,} file{'s' * (files != 1)} of other kinds (see --pattern)" if files else "",
    )
    return ", ".join(filter(None, parts))


def _scale_of(options: UpscaleOptions) -> str:
    """Return the scale as it was typed; of a size that was asked for in another way, its label."""
    scale = options.target.scale
    return options.target.label if scale is None else f"{scale:g}"


def _steps_of(options: UpscaleOptions) -> Callable[[], int]:
    """Return what tells the number of steps; only the checkpoint knows its default, and it is large."""

    @cache
    def steps() -> int:
        if options.steps is not None:
            return options.steps
        return open_weights(options.weights, restore=options.restore or 0.0).sampler.steps

    return steps


def _item(found: FoundPicture, output: Path | None, names: Names) -> BatchItem:
    folder = found.source.parent if output is None else output / found.folder
    if found.problem is not None:
        return BatchItem(source=found.source, destination=folder, problem=found.problem)
    try:
        name = names.of(found.source)
    except (InputImageError, OutputError, WouldShrink) as problem:
        return BatchItem(source=found.source, destination=folder, problem=problem)
    return BatchItem(source=found.source, destination=folder / name, nbytes=found.nbytes)


def _check_output(folder: Path | None, inputs: Sequence[Path]) -> None:
    """Refuse what cannot be the output folder before anything is listed."""
    if folder is None:
        return
    with output_errors(folder):
        resolved(folder)  # refuses links in a circle, of which exists() only says no
        exists = folder.exists()
    if not exists and _is_picture_name(folder):
        if len(inputs) == 1 and is_there_a_folder(inputs[0]):
            raise UnreadableImage(
                f"{inputs[0]}: is a folder, not a picture", hint="name a folder with -o for what is in it"
            )
        raise OptionError(
            f"-o {folder} names one file, and there may be several results", hint="name a folder with -o"
        )
    check_folder(folder if exists else folder.parent)


def _is_picture_name(path: Path) -> bool:
    try:
        output_format(path)
    except FormatLimit:
        return False
    return True


def _check_format(items: Sequence[BatchItem]) -> None:
    """Refuse names that no result could have; where some could, the others fail one by one."""
    if items and not any(_is_picture_name(item.destination) for item in items):
        output_format(items[0].destination)
