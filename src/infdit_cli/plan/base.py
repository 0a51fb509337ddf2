"""In which pieces the convolutional base is computed, and the memory that takes."""

from __future__ import annotations

from infdit_cli.config import PICTURE_CHANNELS, BaseConfig, ModelConfig
from infdit_cli.geometry import Size
from infdit_cli.plan.units import FLOAT32_BYTES

# A wider or higher piece repeats less of its halo: (256 + 2 * 19)^2 is a third more than 256^2.
PIECE_PX = 256
# What a band may hold where a row of super-blocks needs less.
BAND_BYTES = 64 << 20
# Hidden activations alive at once in `model.Base`: shallow, input, hidden and output of a residual block.
LIVE_ACTIVATIONS = 4


def base_pieces(config: ModelConfig, *, lr_width_px: int, super_block_rows: int) -> Size:
    """Return the height of a band of the base's output and the width of a piece of it, in LR pixels.

    Bands span the picture, because a row of super-blocks reads along it, and are as high as one or
    several such rows.

    Args:
        config: A model with a base.
        lr_width_px: Width of the LR picture.
        super_block_rows: Blocks down a super-block.
    """
    row_px = super_block_rows * config.block_lr_px
    affordable = BAND_BYTES // (lr_width_px * output_bytes_per_px(config, base_of(config)))
    return Size(max(min(affordable, PIECE_PX) // row_px, 1) * row_px, PIECE_PX)


def base_bytes(config: ModelConfig, grid: Size, *, super_block_rows: int) -> int:
    """Return the most bytes that the base holds while a row of super-blocks is computed.

    Args:
        config: A model with a base.
        grid: Blocks down and across the picture.
        super_block_rows: Blocks down a super-block.
    """
    base, lr = base_of(config), grid.scaled(config.block_lr_px)
    band, piece_px = base_pieces(config, lr_width_px=lr.width, super_block_rows=super_block_rows)
    # Of the band before, the two blocks remain that the next row of super-blocks reads.
    held_rows = min(band + 2 * config.block_lr_px, lr.height)
    held = held_rows * lr.width * output_bytes_per_px(config, base)
    return held + piece_bytes(base, Size(min(band, lr.height), min(piece_px, lr.width)))


def output_bytes_per_px(config: ModelConfig, base: BaseConfig) -> int:
    """Return the bytes of picture, spread and features behind one LR pixel."""
    return ((PICTURE_CHANNELS + 1) * config.scale**2 + base.channels) * FLOAT32_BYTES


def framed_share(base: BaseConfig, side_px: int) -> float:
    """Return how much more than a square piece is computed for it, its halo being part of the work."""
    return ((side_px + 2 * base.halo_px) / side_px) ** 2


def piece_bytes(base: BaseConfig, piece: Size) -> int:
    """Return what the convolutions hold at once for an LR piece and its halo."""
    framed = Size(piece.height + 2 * base.halo_px, piece.width + 2 * base.halo_px)
    return framed.area * base.channels * FLOAT32_BYTES * LIVE_ACTIVATIONS


def base_of(config: ModelConfig) -> BaseConfig:
    """Return the base of a model.

    Raises:
        ValueError: If it has none.
    """
    if config.base is None:
        raise ValueError("this model has no base")
    return config.base
