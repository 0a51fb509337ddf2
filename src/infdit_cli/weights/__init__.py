"""Checkpoints: the registry, pulling, safe conversion, and files with the model's config in the header."""

from infdit_cli.weights.checkpoint import Checkpoint, load_checkpoint, save_checkpoint
from infdit_cli.weights.deepening import deepened
from infdit_cli.weights.digest import fingerprint
from infdit_cli.weights.entry import Entry, Fingerprint, OnDisk
from infdit_cli.weights.opening import WEIGHTS_SUFFIX, has_restorer, open_weights
from infdit_cli.weights.pull import pull
from infdit_cli.weights.registry import find_entry, read_registry
from infdit_cli.weights.store import Store

__all__ = [
    "WEIGHTS_SUFFIX",
    "Checkpoint",
    "Entry",
    "Fingerprint",
    "OnDisk",
    "Store",
    "deepened",
    "find_entry",
    "fingerprint",
    "has_restorer",
    "load_checkpoint",
    "open_weights",
    "pull",
    "read_registry",
    "save_checkpoint",
]
