"""In which pieces an alpha channel is enlarged by the base, and what that takes."""

from __future__ import annotations

from infdit_cli.config import ModelConfig
from infdit_cli.geometry import Size
from infdit_cli.plan.base import piece_bytes
from infdit_cli.plan.cost import Speed
from infdit_cli.plan.passes import Route

FLOAT32_BYTES = 4
RGB = 3
# Side of the window of the last pass's picture behind a piece.
WINDOW_PX = 512
# What kernels reach beyond a window, in LR pixels, where the picture is resized in the end.
REACH_PX = 8
# Window-sized float pictures alive at once: bicubic, what the base adds, resized down and across.
LIVE_WINDOWS = 4


def opacity_piece(route: Route) -> Size:
    """Return the piece of the output that is computed at once."""
    side = max(WINDOW_PX // _ratio(route), 1)
    return Size(side, side)


def opacity_bytes(config: ModelConfig, route: Route) -> int:
    """Return the most memory that enlarging takes; of the output, one piece is held."""
    if config.base is None:
        raise ValueError("this model has no base")
    window = opacity_piece(route).scaled(_ratio(route)).clipped(route.passes[-1])
    lr = window.ceil_div(config.scale)
    piece = piece_bytes(config.base, Size(lr.height + REACH_PX, lr.width + REACH_PX))
    return piece + window.area * RGB * FLOAT32_BYTES * LIVE_WINDOWS


def opacity_seconds(config: ModelConfig, route: Route, speed: Speed) -> float:
    """Return the expected time: that of the base over every pass, and of the frame around each piece."""
    if config.base is None:
        raise ValueError("this model has no base")
    side_px = WINDOW_PX // config.scale
    frame = ((side_px + 2 * config.base.halo_px) / side_px) ** 2
    num_lr_px = sum(made.area for made in route.passes) / config.scale**2
    return num_lr_px * speed.base_px_s * frame


def _ratio(route: Route) -> int:
    """Return how many times finer the last pass's picture is than the output, at least 1."""
    return max(*route.passes[-1].ceil_div_by(route.target), 1)
