"""Pictures that are kept on disk while working: floats, so that nothing is rounded on the way."""

from __future__ import annotations

import numpy as np
from torch import Tensor

from infdit_cli.geometry import Rect
from infdit_cli.plan import Route
from infdit_cli.tiles import PixelFormat, Spool
from infdit_cli.upscaling.paint import Paint

# Between passes nothing is rounded: the next pass would take the steps of a gradient for detail.
SCRATCH = PixelFormat(3, np.dtype(np.float32))


def keeping(spool: Spool) -> Paint:
    """Return what writes pixels to ``spool`` as they are."""

    def paint(rect: Rect, image: Tensor) -> None:
        spool.write(rect, image[0].float().permute(1, 2, 0).cpu().numpy())

    return paint


def scratch_bytes(route: Route) -> int:
    """Return the bytes of all pictures that are kept on the way."""
    return sum(SCRATCH.nbytes(size) for size in route.scratch)
