"""One function for each job: it composes the rooms below and returns a frozen result."""

from infdit_cli.api.evaluate import evaluate
from infdit_cli.api.train import train
from infdit_cli.api.upscale import upscale
from infdit_cli.api.weights import (
    convert_weights,
    list_weights,
    pull_weights,
    remove_weights,
    verify_weights,
    weights_path,
)

__all__ = [
    "convert_weights",
    "evaluate",
    "list_weights",
    "pull_weights",
    "remove_weights",
    "train",
    "upscale",
    "verify_weights",
    "weights_path",
]
