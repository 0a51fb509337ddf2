"""How many floating-point operations a picture takes: products and sums, counted from the model's sizes.

Only matrix products and convolutions are counted, two operations for each product. They are what a network
must do: not what a halo repeats, nor what norms, activations and resampling add (Chowdhery et al. 2022,
appendix B, "model FLOPs"). `tests/unit/plan/test_flops.py` checks them against torch's own counter.
"""

from __future__ import annotations

from infdit_cli.config import (
    FINAL_MODULATIONS,
    INPUT_CHANNELS,
    LAYER_MODULATIONS,
    NUM_SLOTS,
    PICTURE_CHANNELS,
    BaseConfig,
    ModelConfig,
)
from infdit_cli.geometry import Size
from infdit_cli.plan.units import LR_BLOCKS_SEEN, LR_MARGIN_BLOCKS

OPERATIONS = 2  # a product and its sum
KERNEL = 3 * 3


def picture_flops(config: ModelConfig, grid: Size, num_evaluations: int) -> int:
    """Return the operations of one pass over a picture: the base once, then every evaluation.

    Args:
        config: The model.
        grid: Blocks down and across the picture.
        num_evaluations: Denoiser calls a block; 0 for the base alone.
    """
    base = base_flops(config.base, grid.scaled(config.block_lr_px), config.scale) if config.base else 0
    return base + num_evaluations * evaluation_flops(config, grid)


def base_flops(config: BaseConfig, lr: Size, scale: int) -> int:
    """Return the operations of the convolutional base over ``lr`` pixels."""
    width = config.channels
    in_and_out = PICTURE_CHANNELS * width + width * PICTURE_CHANNELS * scale**2
    return OPERATIONS * lr.area * KERNEL * (in_and_out + 2 * config.num_blocks * width**2)


def evaluation_flops(config: ModelConfig, grid: Size) -> int:
    """Return the operations of the transformer over a picture, in one evaluation."""
    tokens = grid.area * config.block_tokens
    a_token = _in_and_out(config) + config.num_layers * _layer(config) + _looking_nearby(config)
    return OPERATIONS * (tokens * a_token + _lr_tokens(config, grid) + _condition(config))


def _in_and_out(config: ModelConfig) -> int:
    """Pixels to a token, with the base's features behind it, and a token to pixels."""
    width, patch = config.hidden_size, config.patch_px
    features = config.lr_channels * (patch // config.scale) ** 2 if config.base else 0
    return width * (INPUT_CHANNELS * patch**2 + features + PICTURE_CHANNELS * patch**2)


def _layer(config: ModelConfig) -> int:
    """Three projections and the one at the end, scores and sums over four blocks, and the MLP."""
    width = config.hidden_size
    return (4 + 2 * config.mlp_ratio) * width**2 + 2 * NUM_SLOTS * config.block_tokens * width


def _looking_nearby(config: ModelConfig) -> int:
    """What the first layer's cross attention adds to a token."""
    width, seen = config.hidden_size, LR_BLOCKS_SEEN * config.block_lr_tokens**2
    return 2 * width**2 + 2 * seen * width


def _lr_tokens(config: ModelConfig, grid: Size) -> int:
    """LR pixels to tokens, and to keys and values: those beyond the picture are projected, too."""
    a_block = config.block_lr_tokens**2
    made = grid.area * a_block * config.lr_channels * config.lr_patch_px**2 * config.hidden_size
    projected = Size(grid.height + LR_MARGIN_BLOCKS, grid.width + LR_MARGIN_BLOCKS).area * a_block
    return made + projected * 2 * config.hidden_size**2


def _condition(config: ModelConfig) -> int:
    """What is done once, whatever the picture: the noise level, the vector, and all modulations."""
    width = config.hidden_size
    embedded = sum(entry * width + width**2 for entry in (config.time_channels, config.vector_dim) if entry)
    return embedded + (config.num_layers * LAYER_MODULATIONS + FINAL_MODULATIONS) * width**2
