"""The methods that need no model."""

from __future__ import annotations

import numpy as np
from PIL import Image

from infdit_cli.config import ResamplerName
from infdit_cli.degradation import Pixels
from infdit_cli.evaluation.methods import Enlarge


def _resampler(kernel: Image.Resampling) -> Enlarge:
    def run(lr: Pixels, scale: int) -> Pixels:
        image = Image.fromarray(lr)
        return np.asarray(image.resize((image.width * scale, image.height * scale), kernel))

    return run


RESAMPLERS: dict[ResamplerName, Enlarge] = {
    "bicubic": _resampler(Image.Resampling.BICUBIC),
    "lanczos": _resampler(Image.Resampling.LANCZOS),
}
