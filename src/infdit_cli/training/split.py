"""Which pictures are held aside from training to validate with: whole ones, by a digest of their names."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from infdit_cli.degradation import Pixels
from infdit_cli.errors import InputImageError
from infdit_cli.images import read_colours
from infdit_cli.training.dataset import Picture, demand_room

VALIDATION_SHARE = 1 / 24
CROP_PX = 384


@dataclass(frozen=True, slots=True)
class HeldAside:
    """A picture to validate with, and its centre, ``[S, S, 3]`` uint8."""

    picture: Picture
    centre: Pixels


def split_validation(
    pictures: list[Picture], *, unit_px: int, on_skip: Callable[[str], None]
) -> tuple[list[Picture], list[HeldAside]]:
    """Split into training and validation pictures by a digest of the file name.

    The split depends on names alone, so it is the same on every machine and when pictures are added. In the
    place of one that cannot be decoded or has become smaller than a block, which is then on neither side,
    comes the next one by digest. At least one picture is on each side, unless none can be used; a single
    picture serves both.

    Args:
        pictures: All that there are.
        unit_px: Side of a block; centres are whole blocks.
        on_skip: Told in words of each picture left out.
    """
    ranked = sorted(pictures, key=lambda picture: hashlib.sha256(os.fsencode(picture.path.name)).digest())
    num_held = max(1, round(len(ranked) * VALIDATION_SHARE))
    held: list[HeldAside] = []
    rest = iter(ranked)
    while len(held) < num_held and (picture := next(rest, None)):
        try:
            held.append(HeldAside(picture, _centre(picture, unit_px)))
        except InputImageError as err:
            on_skip(f"{err.message}; it is left out")
    return list(rest) or [each.picture for each in held], held


def _centre(picture: Picture, unit_px: int) -> Pixels:
    pixels = read_colours(picture.path)
    demand_room(picture.path, pixels, unit_px)
    side = min(CROP_PX, *pixels.shape[:2]) // unit_px * unit_px
    top, left = (pixels.shape[0] - side) // 2, (pixels.shape[1] - side) // 2
    return np.ascontiguousarray(pixels[top : top + side, left : left + side])
