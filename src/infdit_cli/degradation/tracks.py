"""How a picture is made small: the clean way, and the way of real small pictures."""

from __future__ import annotations

from pathlib import PurePath

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from infdit_cli.config import TrackName
from infdit_cli.degradation.chain import degrade
from infdit_cli.degradation.chance import picture_generator

Pixels = NDArray[np.uint8]


def shrunk(pixels: Pixels, scale: int, kernel: Image.Resampling = Image.Resampling.BICUBIC) -> Pixels:
    """Reduce by one of Pillow's antialiased kernels, rounded to 8 bits; sides are multiples of ``scale``."""
    height, width = pixels.shape[:2]
    return np.asarray(Image.fromarray(pixels).resize((width // scale, height // scale), kernel))


def shrunk_for_track(truth: Pixels, track: TrackName, *, scale: int, picture: str, seed: int) -> Pixels:
    """Return what the methods get to see.

    Args:
        truth: ``[H, W, 3]``, its sides multiples of ``scale``.
        track: ``clean`` shrinks; ``degraded`` takes the chain of ``degradation``.
        scale: How many times smaller it becomes.
        picture: Its path or name. The damage depends on its last part without suffix, and the seed alone, so
            neither other pictures, nor the folder, nor the format change it.
        seed: Any integer.
    """
    if track == "clean":
        return shrunk(truth, scale)
    return degrade(truth, scale, picture_generator(PurePath(picture).stem, seed))
