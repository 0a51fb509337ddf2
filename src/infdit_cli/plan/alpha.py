"""In which pieces an alpha channel is enlarged by the base, and what that takes."""

from __future__ import annotations

from infdit_cli.config import PICTURE_CHANNELS, ModelConfig
from infdit_cli.geometry import Size
from infdit_cli.plan.base import PIECE_PX, base_of, framed_share, piece_bytes
from infdit_cli.plan.cost import Speed
from infdit_cli.plan.finishing import fineness
from infdit_cli.plan.passes import Route
from infdit_cli.plan.units import FLOAT32_BYTES

# Side of the window of the last pass's picture behind a piece.
WINDOW_PX = 512
# What kernels reach beyond a window, in LR pixels, where the picture is resized in the end.
REACH_PX = 8
# Window-sized float pictures alive at once: bicubic, what the base adds, resized down and across.
LIVE_WINDOWS = 4


def alpha_piece(route: Route) -> Size:
    """Return the piece of the output that is computed at once."""
    side = max(WINDOW_PX // fineness(route.target, route.passes[-1]), 1)
    return Size(side, side)


def alpha_bytes(config: ModelConfig, route: Route) -> int:
    """Return the most memory that enlarging takes; of the output, one piece is held."""
    base = base_of(config)
    window = alpha_piece(route).scaled(fineness(route.target, route.passes[-1])).clipped(route.passes[-1])
    lr = window.ceil_div(config.scale)
    piece = piece_bytes(base, Size(lr.height + REACH_PX, lr.width + REACH_PX))
    return piece + window.area * PICTURE_CHANNELS * FLOAT32_BYTES * LIVE_WINDOWS


def alpha_seconds(config: ModelConfig, route: Route, speed: Speed) -> float:
    """Return the expected time: that of the base over every pass, and of the frame around each piece."""
    base = base_of(config)
    # The speed was measured with the frame of the pieces that a pass is computed in.
    frame = framed_share(base, WINDOW_PX // config.scale) / framed_share(base, PIECE_PX)
    num_lr_px = sum(made.area for made in route.passes) / config.scale**2
    return num_lr_px * speed.base_px_s * frame
