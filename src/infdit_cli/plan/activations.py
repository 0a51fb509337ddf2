"""What a super-block holds on the device while it is evaluated.

A layer works through the super-block a few rows of blocks at a time (`model.row_chunks`), so what is made on
the way is counted for a chunk, and what is handed on for the whole. The counts of tensors were read off the
layers' code; `tests/unit/plan/test_activations.py` checks the sum against every tensor that is alive.
"""

from __future__ import annotations

from dataclasses import dataclass

from infdit_cli.config import NUM_SLOTS, PICTURE_CHANNELS, ModelConfig
from infdit_cli.geometry import Size
from infdit_cli.plan.units import FLOAT32_BYTES, LR_BLOCKS_SEEN, LR_MARGIN_BLOCKS

# Pixel-sized float32 pictures of three channels alive beside the tokens: noisy, concatenated, scaled, and the
# network's input, which has six channels.
FLOAT_PICTURES = 6
# Token-sized tensors of a whole super-block while it attends to itself: the input, q, k and v.
ATTENDING = 4
# Of a chunk then: K and V of all that each token reads, what is read from them, and that through the last
# product.
ATTENDING_CHUNK = 2 * NUM_SLOTS + 2
# Halves of tensors of the LR tokens while they are projected: as they were, K and V together, and each alone.
# It is half a tensor less because not all pictures are alive by then, in small super-blocks, where this is
# the most.
PROJECTING_HALVES = 9


def activation_bytes(config: ModelConfig, super_block: Size, *, dtype_bytes: int, chunk_tokens: int) -> int:
    """Return the most bytes of intermediate tensors in one evaluation of a super-block.

    Args:
        config: The model.
        super_block: Blocks down and across the super-block.
        dtype_bytes: Bytes of one number of the transformer.
        chunk_tokens: Tokens that a layer works on at once.
    """
    shape = _Shape.of(config, super_block, chunk_tokens)
    tokens = max(_attending(shape), _looking_nearby(shape, config))  # projecting and the MLP hold less
    return tokens * config.hidden_size * dtype_bytes + _picture_bytes(config, super_block, dtype_bytes)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shape:
    """Tokens in the parts of a super-block.

    Args:
        all: In all of it.
        chunk: In the rows of blocks that are worked on at once.
        joined: In the rows and columns of blocks around the super-block that are put together; one alone is
            read where it lies.
        chunked: Whether a chunk is less than all.
        lr: Of the LR picture, in the super-block and one block around it.
    """

    all: int
    chunk: int
    joined: int
    chunked: bool
    lr: int

    @classmethod
    def of(cls, config: ModelConfig, super_block: Size, chunk_tokens: int) -> _Shape:
        block, (rows, cols) = config.block_tokens, super_block
        lr = (rows + LR_MARGIN_BLOCKS) * (cols + LR_MARGIN_BLOCKS) * config.block_lr_tokens**2
        chunk_rows = min(max(1, chunk_tokens // (cols * block)), rows)
        return cls(
            all=super_block.area * block,
            chunk=chunk_rows * cols * block,
            joined=sum(side for side in super_block if side > 1) * block,
            chunked=chunk_rows < rows,
            lr=lr,
        )


def _attending(shape: _Shape) -> int:
    """Of all what attends, and the result; K/V around; of a chunk what is made of it on the way."""
    return (ATTENDING + shape.chunked) * shape.all + 2 * shape.joined + ATTENDING_CHUNK * shape.chunk


def _looking_nearby(shape: _Shape, config: ModelConfig) -> int:
    """The input and the result; projected LR tokens; nine LR blocks' K/V, cut out.

    Or the input, and the LR tokens while they are projected.
    """
    seen = LR_BLOCKS_SEEN * config.block_lr_tokens**2
    cut = 2 * shape.chunk * seen // config.block_tokens
    looking = (1 + shape.chunked) * shape.all + 2 * shape.lr + cut
    return max(looking, shape.all + PROJECTING_HALVES * shape.lr // 2)


def _picture_bytes(config: ModelConfig, super_block: Size, dtype_bytes: int) -> int:
    """Float32 pictures, the LR window, and both in the network's dtype where that is another."""
    pixels = super_block.scaled(config.block_px).area
    with_margins = Size(super_block.height + LR_MARGIN_BLOCKS, super_block.width + LR_MARGIN_BLOCKS)
    lr = with_margins.scaled(config.block_lr_px).area * config.lr_channels
    cast = dtype_bytes if dtype_bytes != FLOAT32_BYTES else 0
    pictures = pixels * PICTURE_CHANNELS * (FLOAT_PICTURES * FLOAT32_BYTES + 2 * cast)
    return pictures + lr * (FLOAT32_BYTES + cast)
