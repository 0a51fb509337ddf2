"""Numbers that every account of bytes and operations needs."""

from __future__ import annotations

from infdit_cli.config import LR_WINDOW_BLOCKS

FLOAT32_BYTES = 4
LR_BLOCKS_SEEN = LR_WINDOW_BLOCKS**2  # by a block, in the nearby-LR attention
LR_MARGIN_BLOCKS = LR_WINDOW_BLOCKS - 1  # how much taller and wider an LR window is than what it is for
