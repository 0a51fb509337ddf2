"""The alpha channel: enlarged by the base like a grey picture, so that its edges are those of the colours."""

from __future__ import annotations

import numpy as np

from infdit_cli.config import ModelConfig
from infdit_cli.engine import PixelSource, Resized, Upscaler
from infdit_cli.events import OnEvent
from infdit_cli.geometry import Size
from infdit_cli.images import Pixels, SourceImage, from_model
from infdit_cli.plan import Route, alpha_piece
from infdit_cli.resampling import BICUBIC, LANCZOS
from infdit_cli.tiles import PixelFormat, Spool
from infdit_cli.upscaling.paint import AlphaOf
from infdit_cli.upscaling.sources import ArraySource
from infdit_cli.upscaling.stage_journal import StageJournal
from infdit_cli.upscaling.sweep import Sweep, run_sweeps


def alpha_format(picture: SourceImage, size: Size, config: ModelConfig) -> PixelFormat | None:
    """Return the pixels of an alpha channel that is to be enlarged by the base; ``None`` if none is.

    A channel of one value needs no edges, one that keeps its ``size`` has them, and a model without a base
    has nothing that draws any.
    """
    alpha = picture.alpha
    if alpha is None or config.base is None or picture.size == size or alpha.min() == alpha.max():
        return None
    return PixelFormat(1, alpha.dtype)


def plain_alpha(alpha: Pixels, size: Size) -> AlphaOf:
    """Return the alpha channel ``[h, w]`` resized to ``size``, bicubic; flat ones stay exact."""
    resized = Resized(ArraySource(alpha[..., None]), size, BICUBIC)
    return lambda rect: from_model(resized.read(rect)[0].numpy(), alpha.dtype)[..., 0]


def spooled_alpha(spool: Spool) -> AlphaOf:
    """Return the alpha channel that ``enlarge_alpha`` has left in ``spool``."""
    return lambda rect: spool.read(rect)[..., 0]


def enlarge_alpha(
    alpha: Pixels, upscaler: Upscaler, route: Route, done: StageJournal, *, on_event: OnEvent
) -> None:
    """Enlarge ``alpha`` to the output's size; what ``done`` knows of is not done again.

    Args:
        alpha: Opacity ``[h, w]``.
        upscaler: A model with a base.
        route: The passes of the colours, which alpha takes, too.
        done: Takes the result; what is written down as done already, and is being done.
        on_event: Told of progress.
    """
    sweep = Sweep(_enlarged(alpha, upscaler, route), alpha_piece(route), done)
    run_sweeps([sweep], route.target, "alpha", on_event)


def _enlarged(alpha: Pixels, upscaler: Upscaler, route: Route) -> PixelSource:
    picture: PixelSource = ArraySource(np.broadcast_to(alpha[..., None], (*alpha.shape, 3)))
    for _ in route.passes:
        picture = upscaler.by_base_alone(picture)
    return picture if picture.size == route.target else Resized(picture, route.target, LANCZOS)
