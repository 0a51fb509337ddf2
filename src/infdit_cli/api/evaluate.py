"""Score a model on a folder of pictures, beside plain resampling."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from infdit_cli.api.models import make_upscaler
from infdit_cli.config import DeviceName
from infdit_cli.engine import Corrected, Missing, PixelSource, TensorSource, Upscaler, whole
from infdit_cli.evaluation import RESAMPLERS, Method, evaluate_folder
from infdit_cli.evaluation.runner import Pixels
from infdit_cli.events import OnEvent
from infdit_cli.geometry import Rect, Size
from infdit_cli.images import from_model, to_model
from infdit_cli.plan import roomiest_layout
from infdit_cli.results import EvaluationResult
from infdit_cli.weights import open_weights


def evaluate(
    data: Path,
    *,
    weights: str,
    steps: tuple[int, ...],
    against: tuple[str, ...],
    device: DeviceName = "auto",
    limit: int | None = None,
    on_event: OnEvent,
) -> EvaluationResult:
    """Shrink every picture under ``data`` by the model's scale, upscale it again and compare.

    Args:
        data: Folder of HR pictures.
        weights: Name of an entry of ``weights.toml``, or a checkpoint file.
        steps: Numbers of sampler steps to score; 0 is the base alone.
        against: Resampling methods to score beside the model: ``bicubic``, ``lanczos``.
        device: Where to compute.
        limit: Score only the first pictures.
        on_event: Told after each picture.

    Raises:
        InputImageError: If there is no usable picture.
        OptionError: If a method is not known.
    """
    checkpoint = open_weights(weights)
    methods: dict[str, Method] = {name: RESAMPLERS[name] for name in against}
    for count in steps:
        upscaler = make_upscaler(checkpoint, steps=count, device=device)
        methods[f"steps {count}"] = _as_method(upscaler)
    scores = evaluate_folder(data, methods, scale=checkpoint.config.scale, limit=limit, on_event=on_event)
    return EvaluationResult(weights=checkpoint.name, scores=scores)


def _as_method(upscaler: Upscaler) -> Method:
    """Wrap a model, at its default fidelity, as a function of 8-bit pixels."""
    fidelity = upscaler.config.default_fidelity

    def run(lr: Pixels, scale: int) -> Pixels:
        source = TensorSource(torch.from_numpy(to_model(lr))[None])
        made: PixelSource = TensorSource(_made(upscaler, source, source.size.scaled(scale)).clamp(-1, 1))
        if fidelity:
            missing = TensorSource(whole(Missing(source, made)))
            made = Corrected(made, missing, fidelity)
        return from_model(whole(made)[0].numpy(), np.dtype(np.uint8)).astype(np.uint8, copy=False)

    return run


def _made(upscaler: Upscaler, source: PixelSource, size: Size) -> Tensor:
    """Return the model's own picture, ``[1, 3, H, W]``."""
    canvas = torch.empty((1, 3, *size))

    def sink(blocks: Rect, image: Tensor) -> None:
        rect = blocks.scaled(upscaler.config.block_px).within(size)
        canvas[:, :, rect.rows, rect.cols] = image[:, :, : rect.size.height, : rect.size.width].float().cpu()

    for _ in upscaler.start(source, sink, roomiest_layout(upscaler.workload(source.size))).visits:
        pass
    return canvas
