"""Train the compact model on any folder of pictures."""

from infdit_cli.training.origin import Origin
from infdit_cli.training.run_folder import locked, run_folder
from infdit_cli.training.schedule import TrainingBudget
from infdit_cli.training.setup import TrainingSetup
from infdit_cli.training.state import STATE_NAME, load_origin
from infdit_cli.training.trainer import TrainedNetwork, Trainer
from infdit_cli.training.workers import called_workers, joined

__all__ = [
    "STATE_NAME",
    "Origin",
    "TrainedNetwork",
    "Trainer",
    "TrainingBudget",
    "TrainingSetup",
    "called_workers",
    "joined",
    "load_origin",
    "locked",
    "run_folder",
]
