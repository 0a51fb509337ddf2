"""Whole pipelines on tiny random models, and the whole-picture oracle they must equal."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from infdit_cli.config import BaseConfig, ModelConfig, Place, SamplerConfig, SamplerName, VisitOrder
from infdit_cli.diffusion import SAMPLERS, Preconditioning, canvas_noise, denoise, karras_sigmas, sample
from infdit_cli.engine import Session, Upscaler
from infdit_cli.engine.base_window import EDGE_PX
from infdit_cli.engine.picture import PaddedPicture
from infdit_cli.events import OnNote
from infdit_cli.geometry import Rect, Size
from infdit_cli.model import BaseOutput, LRWindow, Network, upsample
from infdit_cli.plan import Layout

CPU = torch.device("cpu")

RESIDUAL = ModelConfig(
    num_layers=3,
    hidden_size=32,
    num_heads=2,
    patch_px=8,
    block_px=16,
    predicts="residual",
    parameterization="x0",
    sigma_min=0.05,
    sigma_max=2.0,
    base=BaseConfig(channels=8, num_blocks=2),
)
IMAGE = ModelConfig(num_layers=2, hidden_size=32, num_heads=2, patch_px=4, block_px=16)


class Places(NamedTuple):
    """Where a run keeps what it needs later."""

    kv: Place = "device"
    canvas: Place = "device"
    weights: Place = "device"


ON_DEVICE = Places()


def random_network(config: ModelConfig, *, seed: int = 0) -> Network:
    """Return a network whose every parameter matters: nothing is left at zero; the same one each time."""
    generator = torch.Generator().manual_seed(seed)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = Network(config).eval().requires_grad_(requires_grad=False)
    for parameter in network.parameters():
        parameter.add_(torch.randn(parameter.shape, generator=generator) * 0.1)
    return network


def random_lr(height: int, width: int, *, seed: int = 1) -> Tensor:
    """Return an LR picture on [-1, 1]."""
    generator = torch.Generator().manual_seed(seed)
    return torch.rand((1, 3, height, width), generator=generator) * 2 - 1


def padded(lr: Tensor, block_px: int) -> Tensor:
    """Return a picture extended to whole blocks."""
    picture = PaddedPicture(lr, block_px)
    return picture.read(Rect(0, 0, *picture.size))


def sampler_config(config: ModelConfig, steps: int, name: SamplerName = "dpmpp-2m") -> SamplerConfig:
    """Return settings in the model's noise range."""
    return SamplerConfig(name=name, steps=steps, sigma_min=config.sigma_min, sigma_max=config.sigma_max)


def run_upscaler(
    network: Network,
    sampler: SamplerConfig,
    lr: Tensor,
    *,
    seed: int = 0,
    order: VisitOrder = "block",
    super_block: tuple[int, int] = (2, 2),
    places: Places = ON_DEVICE,
    scratch: Path | None = None,
    dtype: torch.dtype = torch.float32,
    device: torch.device = CPU,
    on_note: OnNote = lambda _: None,
) -> Tensor:
    """Return the padded picture ``[1, 3, H, W]`` that the streaming executor makes."""
    config = network.config
    upscaler = Upscaler(network, sampler, device=device, dtype=dtype)
    grid = Size(*lr.shape[2:]).ceil_div(config.block_lr_px)
    canvas = torch.full((1, 3, *grid.scaled(config.block_px)), torch.nan)

    def sink(blocks: Rect, image: Tensor) -> None:
        rect = blocks.scaled(config.block_px)
        assert canvas[:, :, rect.rows, rect.cols].isnan().all(), f"{blocks} is written twice"
        canvas[:, :, rect.rows, rect.cols] = image.cpu()

    layout = Layout(
        order=order,
        super_block=Size(*super_block).clipped(grid),
        kv_place=places.kv,
        canvas_place=places.canvas,
        weights_place=places.weights,
    )
    session = Session(scratch=scratch, on_note=on_note)
    for _ in upscaler.start(lr, sink, layout, seed=seed, session=session).visits:
        pass
    assert not canvas.isnan().any(), "a block is missing"
    return canvas


def whole_base(network: Network, lr: Tensor) -> BaseOutput:
    """Return the base of the whole picture, its edge pixels repeated as far as everywhere."""
    frame = EDGE_PX
    image, features, spread = network.base(F.pad(lr, (frame,) * 4, mode="replicate"))
    hr = frame * network.config.scale
    return BaseOutput(
        image[:, :, hr:-hr, hr:-hr], features[:, :, frame:-frame, frame:-frame], spread[:, :, hr:-hr, hr:-hr]
    )


def whole_picture(network: Network, sampler: SamplerConfig, lr: Tensor, *, seed: int = 0) -> Tensor:
    """Return the padded picture of one forward pass over all blocks: no cache, no bands, no executor."""
    config = network.config
    lr = padded(lr, config.block_lr_px)
    grid = Size(*lr.shape[2:]).ceil_div(config.block_lr_px)
    noise = canvas_noise(seed, Rect(0, 0, *grid), channels=3, block_px=config.block_px)
    noise = noise * sampler.sigma_max * sampler.temperature
    if network.base is None:
        concat, window = upsample(lr, config.scale).clamp(-1, 1), LRWindow(lr)
        start = concat + noise
    else:
        concat, features, spread = whole_base(network, lr)
        window, start = LRWindow(features), noise
    preconditioning = Preconditioning(config.sigma_data, config.parameterization)
    signal = sample(
        lambda x, sigma: denoise(
            lambda inputs, c_noise: network.transformer(inputs, c_noise, window),
            x,
            concat,
            x.new_full((1,), sigma),
            preconditioning,
        ),
        start,
        karras_sigmas(sampler.steps, sampler.sigma_min, sampler.sigma_max, sampler.rho),
        SAMPLERS[sampler.name],
    )
    return signal if network.base is None else concat + signal * spread / config.sigma_data
