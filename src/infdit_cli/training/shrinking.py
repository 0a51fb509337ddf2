"""From a crop to the small picture a network is given: shrunk cleanly, or damaged on its way."""

from __future__ import annotations

import numpy as np
from PIL import Image

from infdit_cli.degradation import Pixels, degrade, shrunk

# How people make pictures small, and how often we do: papers use bicubic, cameras and browsers often area.
CLEAN = (
    (Image.Resampling.BICUBIC, 0.7),
    (Image.Resampling.BOX, 0.15),
    (Image.Resampling.LANCZOS, 0.15),
)
_ODDS = [odds for _, odds in CLEAN]


def made_small(crop: Pixels, scale: int, rng: np.random.Generator, *, degraded_share: float) -> Pixels:
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
    kernel, _ = CLEAN[rng.choice(len(CLEAN), p=_ODDS)]
    return shrunk(crop, scale, kernel)
