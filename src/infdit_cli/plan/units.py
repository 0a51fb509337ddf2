"""Numbers that every account of bytes and operations needs."""

from __future__ import annotations

FLOAT32_BYTES = 4
RGB = 3
LR_BLOCKS_SEEN = 3 * 3  # by a block, in the nearby-LR attention
