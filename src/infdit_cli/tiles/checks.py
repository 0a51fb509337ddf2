"""Everything that can be known to be wrong with an output before the work is done."""

from __future__ import annotations

from pathlib import Path

from infdit_cli.config import OutputOptions
from infdit_cli.errors import FormatLimit, OutputError
from infdit_cli.files import check_destination, check_folder, output_errors, resolved, standing
from infdit_cli.geometry import Size
from infdit_cli.tiles.writers import (
    FORMATS,
    OutputFormat,
    check_tiles,
    is_half_placed,
    output_format,
    tiles_of,
)

_USUAL = OutputOptions()


def check_output(
    path: Path,
    size: Size,
    *,
    overwrite: bool,
    source: Path | None = None,
    options: OutputOptions = _USUAL,
    makes_folder: bool = False,
) -> None:
    """Fail now if a picture of ``size`` could not be written to ``path`` later.

    Args:
        path: The output.
        size: Its pixels.
        overwrite: Whether an existing file may be replaced.
        source: The input, which is never overwritten.
        options: How it is to be encoded.
        makes_folder: Whether the output's folder is still to be made if it is not there.

    Raises:
        OptionError: If an option means nothing for the container.
        FormatLimit: If the suffix is unknown, or the container holds no picture so large.
        OutputNotWritable: If the folder is missing or closed to us, or ``path`` is no plain file.
        OutputExists: If the file is there and ``overwrite`` is false.
        OutputError: If ``path`` is the input itself.
    """
    container = output_format(path)
    container.check_options(path, options)
    with output_errors(path):
        check_folder(standing(path.parent) if makes_folder else path.parent)
        check_destination(path, overwrite=overwrite, source=source)
        if container.is_folder:
            _check_tiles(path, overwrite=overwrite, source=source)
    _check_limits(path, size, container)


def _check_tiles(path: Path, *, overwrite: bool, source: Path | None) -> None:
    """A folder of that name is replaced together with its file, and never if it may be something else."""
    tiles = tiles_of(path)
    if source is not None and resolved(source).is_relative_to(tiles):
        raise OutputError(f"{tiles}: holds the input itself", hint="choose another output name")
    if not is_half_placed(path):  # or else they go, or go back, before anything else is done
        check_tiles(path, overwrite=overwrite)


def _check_limits(path: Path, size: Size, container: OutputFormat) -> None:
    if max(size) <= container.max_side_px:
        return
    roomy = [other.suffixes[0] for other in FORMATS if max(size) <= other.max_side_px]
    raise FormatLimit(
        f"{path}: {container.name} holds {container.max_side_px:,} pixels a side at most, "
        f"the output is {size.width:,} x {size.height:,}",
        hint=f"write {' or '.join(roomy)} instead" if roomy else "choose a smaller scale",
    )
