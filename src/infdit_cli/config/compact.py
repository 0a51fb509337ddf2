"""The architecture that a fresh training begins with, and how its pictures are drawn.

Why these numbers: docs/architecture.md, "The compact model".
"""

from __future__ import annotations

from infdit_cli.config.model import BaseConfig, ModelConfig
from infdit_cli.config.sampling import SamplerConfig

COMPACT = ModelConfig(
    num_layers=6,
    hidden_size=192,
    num_heads=6,
    patch_px=8,
    block_px=32,
    predicts="residual",
    parameterization="x0",
    sigma_data=0.5,
    sigma_min=0.05,
    sigma_max=20.0,
    base=BaseConfig(channels=48, num_blocks=8),
)
COMPACT_SAMPLER = SamplerConfig(name="dpmpp-2m", steps=1, sigma_min=0.3, sigma_max=20.0, rho=7.0)
