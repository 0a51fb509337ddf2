"""The sizes of the two models that are in use, for accounts that need no weights."""

from infdit_cli.config import COMPACT, ModelConfig

__all__ = ["COMPACT", "RELEASED"]

RELEASED = ModelConfig(
    num_layers=28, hidden_size=1280, num_heads=16, patch_px=4, block_px=128, vector_dim=768
)
