"""Train the compact model on any folder of pictures."""

from infdit_cli.training.schedule import Budget
from infdit_cli.training.state import STATE_NAME
from infdit_cli.training.trainer import Outcome, Trainer
from infdit_cli.training.workers import joined_workers

__all__ = ["STATE_NAME", "Budget", "Outcome", "Trainer", "joined_workers"]
