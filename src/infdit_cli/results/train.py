"""What came of a training."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainResult:
    """A training run that reached its budget.

    Args:
        checkpoint: The averaged weights, ready for ``infdit upscale --weights``.
        base_steps, joint_steps, perceptual_steps: Steps done in each stage, over all resumed runs.
        lanczos_db, model_db, model_lpips: The last validation; see ``events.Validated``.
    """

    checkpoint: Path
    base_steps: int
    joint_steps: int
    perceptual_steps: int
    lanczos_db: float
    model_db: tuple[tuple[int, float], ...]
    model_lpips: tuple[tuple[int, float], ...]
