"""The methods that need no model."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image

from infdit_cli.config import ResamplerName
from infdit_cli.degradation import Pixels

Method = Callable[[Pixels, int], Pixels]  # (LR pixels [h, w, 3], scale) to HR pixels


def _resampler(kernel: Image.Resampling) -> Method:
    def run(lr: Pixels, scale: int) -> Pixels:
        image = Image.fromarray(lr)
        return np.asarray(image.resize((image.width * scale, image.height * scale), kernel))

    return run


RESAMPLERS: dict[ResamplerName, Method] = {
    "bicubic": _resampler(Image.Resampling.BICUBIC),
    "lanczos": _resampler(Image.Resampling.LANCZOS),
}
