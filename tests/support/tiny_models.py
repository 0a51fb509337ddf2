"""Configs of a few thousand parameters: a picture model, and one that refines a base."""

from infdit_cli.config import BaseConfig, ModelConfig

TINY = ModelConfig(
    num_layers=2, hidden_size=16, num_heads=2, patch_px=4, block_px=16, vector_dim=5, time_channels=12
)
TINY_REFINER = ModelConfig(
    num_layers=2,
    hidden_size=16,
    num_heads=2,
    patch_px=8,
    block_px=16,
    time_channels=12,
    predicts="residual",
    parameterization="x0",
    sigma_max=4.0,
    base=BaseConfig(channels=6, num_blocks=1),
)
