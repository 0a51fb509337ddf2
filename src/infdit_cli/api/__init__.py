"""One function for each job: it composes the rooms below and returns a frozen result."""

from infdit_cli.api.evaluate import evaluate
from infdit_cli.api.train import train
from infdit_cli.api.upscale import upscale

__all__ = ["evaluate", "train", "upscale"]
