"""The UNet of SDXL's shape, through diffusers: its published sizes, random weights, one evaluation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

import torch
from torch import Tensor, nn

from infdit_cli.errors import MissingExtra
from infdit_cli.unallocated import unallocated

# huggingface.co/stabilityai/stable-diffusion-xl-base-1.0, unet/config.json: 2.57 G parameters.
SDXL_BASE: Mapping[str, Any] = {
    "sample_size": 128,
    "in_channels": 4,
    "out_channels": 4,
    "block_out_channels": (320, 640, 1280),
    "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
    "up_block_types": ("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
    "transformer_layers_per_block": (1, 2, 10),
    "attention_head_dim": (5, 10, 20),
    "cross_attention_dim": 2048,
    "use_linear_projection": True,
    "addition_embed_type": "text_time",
    "addition_time_embed_dim": 256,
    "projection_class_embeddings_input_dim": 2816,
}
PX_PER_LATENT = 8
# Sizes that SDXL was trained on are multiples of it; any of 32 px can be halved twice as a latent.
STEP_PX = 64
TEXT_TOKENS = 77
# Height and width of the original, of where the crop begins, and of the target.
TIME_IDS = 6
TIMESTEP = 500  # of 1,000
# All weights repeat so many random numbers: drawing 2.6 G of them would take longer than an evaluation.
FILL_NUMBERS = 1 << 20
FILL_SPREAD = 0.02


class SdxlUnet:
    """Diffusers' ``UNet2DConditionModel``, which takes no memory until it is prepared.

    Args:
        config: Its sizes.

    Attributes:
        num_parameters: Of the network.

    Raises:
        MissingExtra: If diffusers cannot be imported.
    """

    def __init__(self, config: Mapping[str, Any] = SDXL_BASE) -> None:
        self._config = config
        with unallocated():
            self._network: nn.Module = _unet_class()(**config)
        self.num_parameters: int = sum(each.numel() for each in self._network.parameters())

    def latent_px(self, size_px: int) -> int:
        """Return the side of the latent of a square picture, which is rounded up to whole 64 px."""
        steps = -(-size_px // STEP_PX)
        return steps * STEP_PX // PX_PER_LATENT

    def least_numbers(self, latent_px: int) -> int:
        """Return how many numbers surely lie in memory at once: all weights, and what the last block joins.

        There its input, of the second width, is joined with the first of three tensors from the way down, of
        the first width each; inputs and result are there at the same time.
        """
        first, second, *_ = self._config["block_out_channels"]
        joined: int = (second + 3 * first) + (second + first)
        return self.num_parameters + joined * latent_px**2

    def prepared(self, latent_px: int, device: torch.device, dtype: torch.dtype) -> Callable[[], Tensor]:
        """Make the weights and an input; return what evaluates the network once, ``[1, 4, side, side]``."""
        # The ``to`` of diffusers warns of layers to be kept in float32, of which there are none.
        network = nn.Module.to(self._network, dtype).to_empty(device=device).eval()
        _fill(network, device, dtype)
        inputs = self._inputs(latent_px, device, dtype)
        return lambda: network(**inputs, return_dict=False)[0]

    def _inputs(self, latent_px: int, device: torch.device, dtype: torch.dtype) -> dict[str, Any]:
        """Return a latent, text and what SDXL is told of sizes, at batch 1, by diffusers' names."""
        size_px, config = latent_px * PX_PER_LATENT, self._config
        generator = torch.Generator().manual_seed(0)

        def normal(*shape: int) -> Tensor:
            return torch.randn(shape, generator=generator).to(device, dtype)

        pooled = (
            config["projection_class_embeddings_input_dim"] - TIME_IDS * config["addition_time_embed_dim"]
        )
        sizes = (size_px, size_px, 0, 0, size_px, size_px)
        return {
            "sample": normal(1, config["in_channels"], latent_px, latent_px),
            "timestep": torch.tensor(TIMESTEP, device=device),
            "encoder_hidden_states": normal(1, TEXT_TOKENS, config["cross_attention_dim"]),
            "added_cond_kwargs": {
                "text_embeds": normal(1, pooled),
                "time_ids": torch.tensor([sizes], device=device, dtype=dtype),
            },
        }


def _fill(network: nn.Module, device: torch.device, dtype: torch.dtype) -> None:
    generator = torch.Generator().manual_seed(0)
    numbers = (FILL_SPREAD * torch.randn(FILL_NUMBERS, generator=generator)).to(device, dtype)
    for parameter in network.parameters():
        flat = parameter.detach().view(-1)
        for start in range(0, len(flat), FILL_NUMBERS):
            piece = flat[start : start + FILL_NUMBERS]
            piece.copy_(numbers[: len(piece)])


def _unet_class() -> Any:
    # Packages that diffusers looks for may be there and not fit this torch: torchvision raises RuntimeError.
    try:
        return import_module("diffusers").UNet2DConditionModel
    except (ImportError, RuntimeError) as err:
        raise MissingExtra(
            f"an SDXL-shaped UNet needs diffusers, which cannot be imported: {err}",
            hint="pip install 'diffusers>=0.42'",
        ) from err
