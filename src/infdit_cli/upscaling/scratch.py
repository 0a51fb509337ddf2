"""Pictures that are kept on disk while working: floats, so that nothing is rounded on the way."""

from __future__ import annotations

import numpy as np

from infdit_cli.plan import Route
from infdit_cli.tiles import PixelFormat

# Between passes nothing is rounded: the next pass would take the steps of a gradient for detail.
SCRATCH = PixelFormat(3, np.dtype(np.float32))


def scratch_bytes(route: Route) -> int:
    """Return the bytes of all pictures that are kept on the way."""
    return sum(SCRATCH.nbytes(size) for size in route.scratch)
