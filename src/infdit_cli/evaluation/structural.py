"""Metrics of structure that need no weights, from the package ``piq``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor

from infdit_cli.degradation import Pixels
from infdit_cli.evaluation.gauges import Gauge, of_pixels
from infdit_cli.images import to_unit
from infdit_cli.results import Metric


def structural_gauges() -> tuple[Gauge, ...]:
    """Return HaarPSI (Reisenhofer et al. 2018) and GMSD (Xue et al. 2014).

    Raises:
        ImportError: If ``piq`` is missing.
        RuntimeError: If the torchvision that it needs was built for another torch.
    """
    import piq  # noqa: PLC0415 - an extra, and slow to import

    return (
        Gauge(metric=Metric(name="haarpsi", title="HaarPSI"), measure=_on_tensors(piq.haarpsi)),
        Gauge(metric=Metric(name="gmsd", title="GMSD", lower_is_better=True), measure=_on_tensors(piq.gmsd)),
    )


def unit_tensor(pixels: Pixels) -> Tensor:
    """Return pixels as ``[1, 3, H, W]`` float32 on [0, 1]."""
    return torch.from_numpy(np.ascontiguousarray(to_unit(pixels).transpose(2, 0, 1)))[None]


def _on_tensors(metric: Callable[..., Any]) -> Callable[..., float]:
    @torch.inference_mode()
    def measure(predicted: Pixels, truth: Pixels) -> float:
        return float(metric(unit_tensor(predicted), unit_tensor(truth), data_range=1.0))

    return of_pixels(measure)
