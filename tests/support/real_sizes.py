"""The sizes of the two models that are in use, for accounts that need no weights."""

from infdit_cli.config import BaseConfig, ModelConfig

COMPACT = ModelConfig(
    num_layers=4,
    hidden_size=192,
    num_heads=6,
    patch_px=8,
    block_px=64,
    predicts="residual",
    base=BaseConfig(),
)
RELEASED = ModelConfig(
    num_layers=28, hidden_size=1280, num_heads=16, patch_px=4, block_px=128, vector_dim=768
)
