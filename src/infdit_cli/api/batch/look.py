"""A first look at a picture of a batch: is there work to do, and how much?"""

from __future__ import annotations

from dataclasses import dataclass

from infdit_cli.batch import BatchItem
from infdit_cli.config import UpscaleOptions
from infdit_cli.errors import InputImageError, OutputExists
from infdit_cli.files import is_there
from infdit_cli.geometry import Size
from infdit_cli.images import read_size
from infdit_cli.results import SkippedPicture
from infdit_cli.tiles import dzi_size, output_format


@dataclass(frozen=True, slots=True)
class PendingPicture:
    """A picture that is to be computed.

    Args:
        item: What it is.
        size: Its pixels, as its header says.
    """

    item: BatchItem
    size: Size


def look(item: BatchItem, options: UpscaleOptions) -> PendingPicture | SkippedPicture:
    """Read the headers of input and output; an output of the right size is not made again.

    Raises:
        InputImageError: If the input is no picture.
        OutputError: If something else has the output's name.
    """
    if item.problem is not None:
        raise item.problem
    size = read_size(item.source)
    # What is wrong with the name is for the checks of the output to say.
    if options.overwrite or not is_there(item.destination):
        return PendingPicture(item, size)
    expected = options.target.size(size)
    if not _is_of(item, expected):
        raise OutputExists(
            f"{item.destination}: already exists, and is not a picture of {expected.width:,} x "
            f"{expected.height:,} pixels",
            hint="--overwrite replaces it",
        )
    return SkippedPicture(
        source=item.source, destination=item.destination, size=expected, skipped="already exists"
    )


def _is_of(item: BatchItem, expected: Size) -> bool:
    if output_format(item.destination).is_folder:
        return dzi_size(item.destination) == expected
    try:
        found = read_size(item.destination)
    except InputImageError:
        return False
    # An orientation may be found only behind the pixels, where nobody looks for the size alone.
    return sorted(found) == sorted(expected)
