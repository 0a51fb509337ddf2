"""The sizes of the two models that are in use, and of devices, for accounts that need neither."""

import torch

from infdit_cli.config import COMPACT, ModelConfig
from infdit_cli.engine.device_traits import traits_of

__all__ = ["COMPACT", "CPU_TRAITS", "GPU_TRAITS", "RELEASED"]

CPU_TRAITS, GPU_TRAITS = traits_of(torch.device("cpu")), traits_of(torch.device("cuda"))

RELEASED = ModelConfig(
    num_layers=28, hidden_size=1280, num_heads=16, patch_px=4, block_px=128, vector_dim=768
)
