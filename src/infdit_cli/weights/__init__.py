"""Checkpoints on disk: the registry, and files with the model's config in the header."""

from infdit_cli.weights.checkpoint import Checkpoint, load_checkpoint, save_checkpoint
from infdit_cli.weights.registry import open_weights, read_registry

__all__ = ["Checkpoint", "load_checkpoint", "open_weights", "read_registry", "save_checkpoint"]
