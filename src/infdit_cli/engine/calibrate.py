"""How fast this machine runs one model: a few blocks through one layer, timed."""

from __future__ import annotations

import torch
from torch import nn

from infdit_cli.config import BaseConfig, ModelConfig
from infdit_cli.engine.timing import fastest_s
from infdit_cli.geometry import Size
from infdit_cli.machine.devices import has_own_memory
from infdit_cli.model import FIRST_BLOCK, Base, Layer, LRWindow, rotation
from infdit_cli.plan import PIECE_PX, Speed, framed_share

ONE, FOUR = Size(1, 1), Size(2, 2)
PROBE_LR_PX = 96
COPY_BYTES = 32 << 20
# Not probed: writing enough to see the disk behind its cache would take longer than planning may.
DISK_BYTES_PER_S = 300e6


def measure_speed(config: ModelConfig, *, device: torch.device, dtype: torch.dtype) -> Speed:
    """Return what one layer, the base and a copy take here, scaled up to the whole model.

    Weights are not needed: time does not depend on their values.
    """
    one, four = (_layer_s(config, blocks, device, dtype) * config.num_layers for blocks in (ONE, FOUR))
    block_s = max((four - one) / (FOUR.area - ONE.area), one / FOUR.area)
    return Speed(
        visit_s=max(one - block_s, 0.0),
        block_s=block_s,
        base_px_s=_base_px_s(config.base, config.scale, device) if config.base else 0.0,
        host_bytes_per_s=_copy_bytes_per_s(device),
        disk_bytes_per_s=DISK_BYTES_PER_S,
    )


def _layer_s(config: ModelConfig, blocks: Size, device: torch.device, dtype: torch.dtype) -> float:
    """Time a layer that is not the first: that one alone has more to do."""
    layer = _ready(Layer(config, 1), device, dtype)
    x = torch.zeros(1, *blocks, config.block_tokens, config.hidden_size, device=device, dtype=dtype)
    condition = torch.zeros(1, config.hidden_size, device=device, dtype=dtype)
    turn = rotation(config, blocks, FIRST_BLOCK, like=x)
    return fastest_s(lambda: layer(x, condition, LRWindow(x), turn), device)


def _base_px_s(config: BaseConfig, scale: int, device: torch.device) -> float:
    """Time the base on a square, and count the halo that every piece computes on top."""
    base = _ready(Base(config, scale), device, torch.float32)
    lr = torch.zeros(1, 3, PROBE_LR_PX, PROBE_LR_PX, device=device)
    return fastest_s(lambda: base(lr), device) / PROBE_LR_PX**2 * framed_share(config, PIECE_PX)


def _copy_bytes_per_s(device: torch.device) -> float:
    if not has_own_memory(device):
        return float("inf")  # there is nothing to copy
    pinned = torch.empty(COPY_BYTES, dtype=torch.uint8, pin_memory=True)
    return COPY_BYTES / fastest_s(lambda: pinned.to(device, non_blocking=True), device)


def _ready(module: nn.Module, device: torch.device, dtype: torch.dtype) -> nn.Module:
    return module.to(device, dtype).eval().requires_grad_(requires_grad=False)
