"""What a training is given, kept together on its way to those that need a part of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import torch

from infdit_cli.config import TrainConfig
from infdit_cli.training.origin import Origin
from infdit_cli.training.schedule import TrainingBudget
from infdit_cli.training.workers import Workers


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingSetup:
    """What to train, on what, where and for how long.

    Args:
        data: Folder of pictures, nested as you like.
        run: Folder for training state and log.
        origin: The architecture, the schedule to validate with, and tensors to start from.
        recipe: Learning rates, batches and periods.
        budget: For all stages together.
        device: Where to train.
        dtype: Number format of products, bfloat16 where the device is fast at it; weights, losses and
            averages are always float32.
        compile_losses: Compile what of the losses takes longest.
        workers: Those that train together, in folders that all of them see.
    """

    data: Path
    run: Path
    origin: Origin
    recipe: TrainConfig
    budget: TrainingBudget
    device: torch.device
    dtype: torch.dtype = torch.float32
    compile_losses: bool = False
    workers: Workers = field(default_factory=Workers)
