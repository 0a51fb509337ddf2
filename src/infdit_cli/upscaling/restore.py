"""How much of a picture's damage is taken out if nobody says."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from infdit_cli.config import UpscaleOptions
from infdit_cli.images import SourceImage
from infdit_cli.weights import has_restorer


class _Usual(NamedTuple):
    """What is done with JPEGs below a quality."""

    below: int
    share: float
    what: str


# For JPEGs below a quality, how much to restore: what was better than nothing by PSNR and by LPIPS after one
# step, on pictures held aside; the smaller where two were nearly as good (docs/training-log.md).
_FOR_JPEGS = (
    _Usual(below=60, share=0.75, what="a strongly compressed JPEG"),
    _Usual(below=75, share=0.5, what="a compressed JPEG"),
    _Usual(below=93, share=0.25, what="a slightly compressed JPEG"),
)


def settled(options: UpscaleOptions, picture: SourceImage) -> UpscaleOptions:
    """Return ``options`` that say how much to restore ``picture``, with the weights that they name.

    Raises:
        WeightsError: If the registry of weights is damaged, and was looked into.
    """
    if options.restore is not None:
        return options
    share = _usual(picture.jpeg_quality)
    return replace(options, restore=share if share and has_restorer(options.weights) else 0.0)


def unasked(asked: UpscaleOptions, settled: UpscaleOptions) -> tuple[str, ...]:
    """Return the note that a picture is restored although nobody asked for it; none where that is not so.

    Args:
        asked: The user's options.
        settled: What became of them.
    """
    if asked.restore is not None or not settled.restore:
        return ()
    what = next(usual.what for usual in _FOR_JPEGS if usual.share == settled.restore)
    return (f"{what}: cleaned with --restore {settled.restore:g}; --restore 0 keeps it as it is",)


def _usual(jpeg_quality: int | None) -> float:
    if jpeg_quality is None:
        return 0.0
    return next((usual.share for usual in _FOR_JPEGS if jpeg_quality < usual.below), 0.0)
