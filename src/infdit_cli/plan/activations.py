"""What a super-block holds on the device while one layer computes."""

from __future__ import annotations

from infdit_cli.config import ModelConfig
from infdit_cli.geometry import Size

FLOAT32_BYTES = 4
UNITS = 40


def activation_bytes(config: ModelConfig, batch: Size, *, dtype_bytes: int) -> int:
    """Return the most bytes of intermediate tensors in one evaluation of a super-block."""
    return UNITS * batch.area * config.block_tokens * config.hidden_size * dtype_bytes
