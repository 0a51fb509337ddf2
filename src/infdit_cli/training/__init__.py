"""Train the compact model on any folder of pictures."""

from infdit_cli.training.deepening import deepened
from infdit_cli.training.schedule import TrainingBudget
from infdit_cli.training.state import STATE_NAME
from infdit_cli.training.trainer import TrainedNetwork, Trainer
from infdit_cli.training.workers import joined_workers

__all__ = ["STATE_NAME", "TrainedNetwork", "Trainer", "TrainingBudget", "deepened", "joined_workers"]
