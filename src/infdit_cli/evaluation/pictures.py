"""The pictures of a folder, as the truth that results are compared with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from infdit_cli.degradation import Pixels
from infdit_cli.errors import UnreadableImage, UnsupportedImage
from infdit_cli.files import is_there_a_folder
from infdit_cli.images import PICTURE_SUFFIXES, read_colours, visible_pictures

# The least that LPIPS' network can see; PSNR of less says little.
MIN_SIDE_PX = 64


def list_truths(data: Path, *, on_problem: Callable[[UnreadableImage], None]) -> list[Path]:
    """List the usual pictures in a folder and below, sorted by path; hidden ones are left out.

    Args:
        data: The folder.
        on_problem: Given, for each folder below that cannot be looked into, what is wrong with it.

    Raises:
        UnreadableImage: If there is no such folder, or no picture in it.
    """
    if not is_there_a_folder(data):
        raise UnreadableImage(f"{data}: is not a folder", hint="--data takes a folder of full-size photos")
    found = visible_pictures(data, on_problem=on_problem)
    if not found:
        raise UnreadableImage(
            f"{data}: holds no pictures", hint=f"{', '.join(sorted(PICTURE_SUFFIXES))} are looked for"
        )
    return found


def read_truth(path: Path, scale: int) -> Pixels:
    """Return a picture's colours in 8 bits, cut at right and bottom to multiples of ``scale``.

    Raises:
        InputImageError: If it cannot be read, or is smaller than ``MIN_SIDE_PX`` a side.
    """
    rgb = read_colours(path)
    height, width = (side // scale * scale for side in rgb.shape[:2])
    if min(height, width) < MIN_SIDE_PX:
        raise UnsupportedImage(
            f"{path}: {rgb.shape[1]} x {rgb.shape[0]} pixels are too few, {MIN_SIDE_PX} a side are needed"
        )
    return np.ascontiguousarray(rgb[:height, :width])
