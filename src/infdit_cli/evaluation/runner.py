"""Shrink, upscale, compare: every method on every picture of a folder."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from infdit_cli.errors import UnreadableImage
from infdit_cli.evaluation.metrics import psnr_y, ssim_y
from infdit_cli.events import OnEvent, Scored
from infdit_cli.images import PICTURE_SUFFIXES
from infdit_cli.results import Score

Pixels = NDArray[np.uint8]
Method = Callable[[Pixels, int], Pixels]  # (LR pixels [h, w, 3], scale) to HR pixels


def _resampler(kernel: Image.Resampling) -> Method:
    def run(lr: Pixels, scale: int) -> Pixels:
        image = Image.fromarray(lr)
        return np.asarray(image.resize((image.width * scale, image.height * scale), kernel))

    return run


RESAMPLERS: dict[str, Method] = {
    "bicubic": _resampler(Image.Resampling.BICUBIC),
    "lanczos": _resampler(Image.Resampling.LANCZOS),
}


def evaluate_folder(
    data: Path, methods: dict[str, Method], *, scale: int, limit: int | None, on_event: OnEvent
) -> tuple[Score, ...]:
    """Score every method on every picture, in the order of names.

    The LR picture is the HR picture, cut to a multiple of ``scale``, shrunk by Pillow's antialiased
    bicubic and rounded to 8 bits.

    Args:
        data: Folder of HR pictures, searched with its sub-folders.
        methods: By the name under which they are reported.
        scale: How much to shrink.
        limit: Score only the first pictures.
        on_event: Told after each picture.

    Raises:
        UnreadableImage: If the folder holds no picture, or one of them cannot be read.
    """
    paths = sorted(path for path in data.rglob("*") if path.suffix.lower() in PICTURE_SUFFIXES)[:limit]
    if not paths:
        raise UnreadableImage(f"{data} holds no pictures")
    scores: list[Score] = []
    for done, path in enumerate(paths, start=1):
        truth, lr = _pair(path, scale)
        for label, method in methods.items():
            predicted, seconds = _timed(method, lr, scale)
            scores.append(_score(path.name, label, predicted, truth, seconds))
        on_event(Scored(path.name, done, len(paths)))
    return tuple(scores)


def _pair(path: Path, scale: int) -> tuple[Pixels, Pixels]:
    try:
        with Image.open(path) as image:
            whole = image.convert("RGB")
    except (OSError, ValueError, SyntaxError) as err:
        raise UnreadableImage(f"{path} cannot be read: {err}") from err
    hr = whole.crop((0, 0, whole.width // scale * scale, whole.height // scale * scale))
    lr = hr.resize((hr.width // scale, hr.height // scale), Image.Resampling.BICUBIC)
    return np.asarray(hr), np.asarray(lr)


def _timed(method: Method, lr: Pixels, scale: int) -> tuple[Pixels, float]:
    started = time.perf_counter()
    predicted = method(lr, scale)
    return predicted, time.perf_counter() - started


def _score(name: str, label: str, predicted: Pixels, truth: Pixels, seconds: float) -> Score:
    return Score(
        picture=name,
        method=label,
        psnr_db=psnr_y(predicted, truth),
        ssim=ssim_y(predicted, truth),
        seconds_per_mp=seconds / (truth.shape[0] * truth.shape[1] / 1e6),
    )
