"""How fast this machine runs one model: small pictures through its base and a single layer, timed."""

from __future__ import annotations

import math
from dataclasses import replace

import torch
from torch import nn

from infdit_cli.config import PICTURE_CHANNELS, BaseConfig, ModelConfig, SamplerConfig
from infdit_cli.engine.base_window import base_window
from infdit_cli.engine.timing import fastest_s
from infdit_cli.engine.upscaler import Upscaler
from infdit_cli.geometry import Rect, Size
from infdit_cli.machine.devices import has_own_memory
from infdit_cli.model import FIRST_BLOCK, Layer, LRWindow, Network, rotation
from infdit_cli.plan import PIECE_PX, Layout, Speed, framed_share

# Tokens of the larger of two super-blocks, from which the costs of a visit and of a block follow. Not more:
# planning must take less memory than what is planned, and caches hold up to 4,096 as well (ms for 64 tokens
# of a compact layer: .59, .50 and .51 at 256, 1,024 and 4,096).
PROBE_TOKENS = 1024
PROBE_LR = Size(96, 96)
COPY_BYTES = 32 << 20
# Not probed: writing enough to see the disk behind its cache would take longer than planning may.
DISK_BYTES_PER_S = 300e6


def measure_speed(config: ModelConfig, *, device: torch.device, dtype: torch.dtype) -> Speed:
    """Return what a visit, the base and a copy take here.

    Weights are not needed: time does not depend on their values. Nor are all layers: those behind the first
    are the same.
    """
    shallow = _Shallow(config, device, dtype)
    side = max(math.isqrt(PROBE_TOKENS // config.block_tokens), 2)
    few, many = Size(side // 2, side // 2), Size(side, side)
    few_s, many_s = (
        shallow.visit_s(blocks) + _further_layers_s(config, blocks, device, dtype) for blocks in (few, many)
    )
    block_s = max((many_s - few_s) / (many.area - few.area), few_s / many.area)
    return Speed(
        visit_s=max(few_s - few.area * block_s, 0.0),
        block_s=block_s,
        base_px_s=shallow.base_px_s(config.base) if config.base else 0.0,
        host_bytes_per_s=_copy_bytes_per_s(device),
        disk_bytes_per_s=DISK_BYTES_PER_S,
    )


class _Shallow:
    """A model with its first layer alone, run as any model is.

    Args:
        config: The whole model.
        device: Where to compute.
        dtype: The transformer's number format.
    """

    def __init__(self, config: ModelConfig, device: torch.device, dtype: torch.dtype) -> None:
        self._config = replace(config, num_layers=1)
        self._device = device
        sampler = SamplerConfig(
            name="dpmpp-2m", steps=1, sigma_min=config.sigma_min, sigma_max=config.sigma_max, rho=7.0
        )
        self._upscaler = Upscaler(
            Network(self._config).eval().requires_grad_(requires_grad=False),
            sampler,
            device=device,
            dtype=dtype,
            guide=lambda _: torch.zeros(1, config.vector_dim),
        )

    def visit_s(self, blocks: Size) -> float:
        """Time a super-block, with all that is done for it but the base's part."""
        lr = blocks.scaled(self._config.block_lr_px)
        base_s = self._pass_s(lr, steps=0) if self._config.base else 0.0
        return max(self._pass_s(lr, steps=1) - base_s, 0.0)

    def base_px_s(self, base: BaseConfig) -> float:
        """Time the base on a square, and count the frame that every piece computes on top."""
        computed = base_window(Rect(0, 0, *PROBE_LR), PROBE_LR, base)
        return self._pass_s(PROBE_LR, steps=0) / computed.size.area * framed_share(base, PIECE_PX)

    def _pass_s(self, lr: Size, *, steps: int) -> float:
        """Time a picture that is a single super-block."""
        upscaler = self._upscaler.with_sampler(replace(self._upscaler.sampler, steps=steps))
        picture = torch.zeros(1, PICTURE_CHANNELS, *lr)
        layout = Layout(order="block", super_block=lr.ceil_div(self._config.block_lr_px))

        def run() -> None:
            for _ in upscaler.start(picture, lambda *_: None, layout).visits:
                pass

        return fastest_s(run, self._device)


def _further_layers_s(config: ModelConfig, blocks: Size, device: torch.device, dtype: torch.dtype) -> float:
    """Time a layer that is not the first, for all of those that are not."""
    layer = _ready(Layer(config, 1), device, dtype)
    x = torch.zeros(1, *blocks, config.block_tokens, config.hidden_size, device=device, dtype=dtype)
    condition = torch.zeros(1, config.hidden_size, device=device, dtype=dtype)
    turn = rotation(config, blocks, FIRST_BLOCK, like=x)
    one_s = fastest_s(lambda: layer(x, condition, LRWindow(x), turn), device)
    return (config.num_layers - 1) * one_s


def _copy_bytes_per_s(device: torch.device) -> float:
    if not has_own_memory(device):
        return float("inf")  # there is nothing to copy
    pinned = torch.empty(COPY_BYTES, dtype=torch.uint8, pin_memory=True)
    return COPY_BYTES / fastest_s(lambda: pinned.to(device, non_blocking=True), device)


def _ready(module: nn.Module, device: torch.device, dtype: torch.dtype) -> nn.Module:
    return module.to(device, dtype).eval().requires_grad_(requires_grad=False)
