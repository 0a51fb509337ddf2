"""From a crop to the small picture a network is given: shrunk cleanly, or damaged on its way."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from infdit_cli.degradation import degrade

Pixels = NDArray[np.uint8]

# How people make pictures small, and how often we do: papers use bicubic, cameras and browsers often area.
CLEAN = (
    (Image.Resampling.BICUBIC, 0.7),
    (Image.Resampling.BOX, 0.15),
    (Image.Resampling.LANCZOS, 0.15),
)
_ODDS = [odds for _, odds in CLEAN]


def shrunk(crop: Pixels, scale: int, rng: np.random.Generator, *, degraded_share: float) -> Pixels:
    """Return a crop made small.

    Args:
        crop: ``[H, W, 3]``, its sides multiples of ``scale``.
        scale: How many times smaller it becomes.
        rng: Chooses the way.
        degraded_share: Probability of the whole chain of damages (``degradation``); else one antialiased
            filter and 8 bits.

    Returns:
        ``[H // scale, W // scale, 3]``.
    """
    if rng.random() < degraded_share:
        return degrade(crop, scale, rng)
    height, width = crop.shape[:2]
    way, _ = CLEAN[rng.choice(len(CLEAN), p=_ODDS)]
    return np.asarray(Image.fromarray(crop).resize((width // scale, height // scale), way))
